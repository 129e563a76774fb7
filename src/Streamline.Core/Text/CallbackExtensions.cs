namespace Streamline.Text;

/// <summary>Awaits delegates of the application, which may ignore their token.</summary>
internal static class CallbackExtensions
{
    /// <summary>Awaits a delegate until a token is cancelled. Then it is left, and what becomes of it is ignored.</summary>
    public static ValueTask<T> LeaveWhenCancelledAsync<T>(this ValueTask<T> callback, CancellationToken cancellationToken) =>
        callback.IsCompleted ? callback : new ValueTask<T>(AwaitAsync(callback.AsTask(), cancellationToken));

    private static async Task<T> AwaitAsync<T>(Task<T> callback, CancellationToken cancellationToken)
    {
        try
        {
            return await callback.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (!callback.IsCompleted)
            {
                // Its failure counts as observed.
                _ = callback.ContinueWith(
                    static left => left.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
    }
}
