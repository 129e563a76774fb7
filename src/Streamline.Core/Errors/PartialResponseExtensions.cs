using Microsoft.Extensions.AI;

namespace Streamline;

/// <summary>Finds what had arrived of a response when its stream ended early, whichever exception ended it.</summary>
public static class PartialResponseExtensions
{
    private const string Key = "streamline.partialResponse";

    /// <summary>Gets the part of the response that had arrived before a failure, a timeout or a cancellation.</summary>
    /// <param name="exception">The exception that ended the stream.</param>
    /// <returns>
    /// The partial response; <see langword="null"/> when nothing is known of it. It is found on a <see cref="StreamlineException"/>
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

    /// <summary>Attaches a partial response where <see cref="GetPartialResponse"/> finds it. Other exceptions than those it reads are left as they are.</summary>
    internal static void SetPartialResponse(this Exception exception, ChatResponse? partialResponse)
    {
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
