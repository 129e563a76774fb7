using Microsoft.Extensions.AI;

namespace Streamline;

/// <summary>Finds what had arrived of a response when an exception ended it.</summary>
public static class PartialResponseExtensions
{
    private const string Key = "Streamline.PartialResponse";

    /// <summary>Gets the part of the response that had arrived, of a failed stream and of a cancelled one.</summary>
    /// <param name="exception">The exception that a stream ended with.</param>
    /// <returns>The partial response, with the last known usage; <see langword="null"/> when nothing is known of it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="exception"/> is <see langword="null"/>.</exception>
    public static ChatResponse? GetPartialResponse(this Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception is StreamlineException { PartialResponse: { } response } ? response : exception.Data[Key] as ChatResponse;
    }

    internal static void SetPartialResponse(this Exception exception, ChatResponse response)
    {
        if (exception is StreamlineException streamline)
        {
            streamline.PartialResponse ??= response;
        }
        else if (!exception.Data.Contains(Key))
        {
            exception.Data[Key] = response;
        }
    }
}
