namespace Streamline;

/// <summary>Reports a cancellation with the caller's own token instead of one that was linked to it.</summary>
internal static class CallerCancellation
{
    /// <summary>Makes the exception for a caller that has cancelled.</summary>
    /// <param name="cause">What the cancelled stream threw; <see langword="null"/> when it ended without an exception.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>An exception with the caller's token and the partial response of the cause.</returns>
    public static OperationCanceledException ToException(Exception? cause, CancellationToken cancellationToken)
    {
        if (cause is OperationCanceledException cancelled && cancelled.CancellationToken == cancellationToken)
        {
            return cancelled;
        }

        var exception = new OperationCanceledException("The stream was cancelled.", cause, cancellationToken);
        if (cause is not null && PartialResponse.TryGet(cause, out var partial))
        {
            PartialResponse.Set(exception, partial);
        }

        return exception;
    }
}
