namespace Streamline;

/// <summary>
/// Cancels for the library. The callbacks on a token belong to the code that was given the token: what they throw must not reach a timer, where it would end the process, nor keep the code
/// that cancels from what it has to do next.
/// </summary>
internal static class CancellationSourceExtensions
{
    /// <summary>Cancels. What callbacks throw is ignored, as is a source that was disposed in the meantime.</summary>
    public static void CancelSafely(this CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (Exception exception) when (exception is AggregateException or ObjectDisposedException)
        {
            // All callbacks have run.
        }
    }

    /// <summary>Cancels, and waits until all callbacks have run on the thread pool. What they throw is ignored.</summary>
    public static Task CancelSafelyAsync(this CancellationTokenSource source) =>
        source.CancelAsync() is { IsCompletedSuccessfully: false } cancelling ? IgnoreFailureAsync(cancelling) : Task.CompletedTask;

    /// <summary>Cancels when a time has passed, unless the timer is disposed before.</summary>
    public static ITimer CancelSafelyAfter(this CancellationTokenSource source, TimeSpan delay, TimeProvider time) =>
        time.CreateTimer(static state => ((CancellationTokenSource)state!).CancelSafely(), source, delay, Timeout.InfiniteTimeSpan);

    private static async Task IgnoreFailureAsync(Task cancelling) => await cancelling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
