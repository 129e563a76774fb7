namespace Streamline.Tools;

/// <summary>Waits for what was told to stop.</summary>
internal static class GracePeriod
{
    /// <summary>Waits until a task has ended or the grace period is over.</summary>
    /// <param name="ending">The task; it never fails.</param>
    /// <param name="period">How long to wait; infinite to wait forever.</param>
    /// <param name="time">The clock.</param>
    public static async ValueTask WaitAsync(Task ending, TimeSpan period, TimeProvider time)
    {
        var isOver = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var timer = time.CreateTimer(_ => isOver.TrySetResult(), state: null, period, Timeout.InfiniteTimeSpan);
        await using (timer.ConfigureAwait(false))
        {
            await Task.WhenAny(ending, isOver.Task).ConfigureAwait(false);
        }
    }
}
