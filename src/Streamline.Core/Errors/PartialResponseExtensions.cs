using Microsoft.Extensions.AI;

namespace Streamline;

/// <summary>Finds what had arrived of an answer when its stream ended early, whichever exception ended it.</summary>
public static class PartialResponseExtensions
{
    private const string Key = "streamline.partialResponse";

    /// <summary>Gets the part of the response that had arrived before a failure, a timeout or a cancellation.</summary>
    /// <param name="exception">The exception that ended the stream.</param>
    /// <returns>
    /// The partial response, with a tool loop that of all rounds; <see langword="null"/> when nothing is known of it. It is found on a <see cref="StreamlineException"/>
    /// and on the <see cref="OperationCanceledException"/> of a stream that was cancelled.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="exception"/> is <see langword="null"/>.</exception>
    public static ChatResponse? GetPartialResponse(this Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception switch
        {
            StreamlineException streamline => streamline.PartialResponse,
            OperationCanceledException => exception.Data[Key] as ChatResponse,
            _ => null,
        };
    }

    /// <summary>Attaches a partial response, where <see cref="GetPartialResponse"/> finds it: for middleware that makes exceptions, or that knows more of what had arrived.</summary>
    /// <param name="exception">The exception that ends the stream. One of another kind than those that carry a partial response is left as it is.</param>
    /// <param name="partialResponse">What had arrived, in place of what is attached already; <see langword="null"/> for nothing.</param>
    /// <exception cref="ArgumentNullException"><paramref name="exception"/> is <see langword="null"/>.</exception>
    public static void SetPartialResponse(this Exception exception, ChatResponse? partialResponse)
    {
        ArgumentNullException.ThrowIfNull(exception);
        switch (exception)
        {
            case StreamlineException streamline:
                streamline.PartialResponse = partialResponse;
                break;
            case OperationCanceledException:
                exception.Data[Key] = partialResponse;
                break;
            default:
                break;
        }
    }
}
