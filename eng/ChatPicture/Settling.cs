namespace ChatPicture;

/// <summary>Waits until the code under a manual clock has done all that it can do without time passing.</summary>
internal static class Settling
{
    private const int QuietChecks = 4;
    private static readonly TimeSpan Check = TimeSpan.FromMilliseconds(3);

    public static async Task WaitAsync()
    {
        var completed = ThreadPool.CompletedWorkItemCount;
        for (var quiet = 0; quiet < QuietChecks;)
        {
            await Task.Delay(Check, TimeProvider.System);

            // Each check is itself a work item of the pool.
            var now = ThreadPool.CompletedWorkItemCount;
            quiet = ThreadPool.PendingWorkItemCount == 0 && now - completed <= 2 ? quiet + 1 : 0;
            completed = now;
        }
    }
}
