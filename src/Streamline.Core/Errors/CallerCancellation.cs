namespace Streamline;

/// <summary>Gives a cancellation back to the caller as the caller knows it: with the caller's token, not with one that was linked to it.</summary>
internal static class CallerCancellation
{
    /// <summary>Makes the exception for a caller that has cancelled.</summary>
    /// <param name="cause">What the cancelled stream threw; <see langword="null"/> when it ended without a word.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>An exception with the caller's token and the partial response of the cause.</returns>
    public static OperationCanceledException ToException(Exception? cause, CancellationToken cancellationToken)
    {
        if (cause is OperationCanceledException cancelled && cancelled.CancellationToken == cancellationToken)
        {
            return cancelled;
        }

        var exception = new OperationCanceledException("The stream was cancelled by its caller.", cause, cancellationToken);
        exception.SetPartialResponse(cause?.GetPartialResponse());
        return exception;
    }
}
