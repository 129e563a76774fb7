using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace Streamline;

/// <summary>Gets the part of an answer that had arrived when an exception ended its stream.</summary>
public static class PartialResponse
{
    private const string Key = "streamline.partialResponse";

    /// <summary>Gets the part of the answer that the stream had handed out before it failed, timed out or was cancelled.</summary>
    /// <param name="exception">The exception that ended the stream.</param>
    /// <param name="response">
    /// The partial response, with a tool loop that of all rounds. It can be sent back: every tool call in it has a result. Open calls have an error result
    /// that says whether the tool had started.
    /// </param>
    /// <returns><see langword="true"/> when a partial response is attached to the exception.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="exception"/> is <see langword="null"/>.</exception>
    public static bool TryGet(Exception exception, [NotNullWhen(true)] out ChatResponse? response)
    {
        ArgumentNullException.ThrowIfNull(exception);
        response = exception is StreamlineException streamline ? streamline.PartialResponse : exception.Data[Key] as ChatResponse;
        return response is not null;
    }

    /// <summary>Attaches a partial response to an exception, replacing any earlier one. For authors of middleware.</summary>
    /// <param name="exception">The exception that ends the stream.</param>
    /// <param name="response">The partial response; <see langword="null"/> for none.</param>
    /// <exception cref="ArgumentNullException"><paramref name="exception"/> is <see langword="null"/>.</exception>
    public static void Set(Exception exception, ChatResponse? response)
    {
        ArgumentNullException.ThrowIfNull(exception);
        if (exception is StreamlineException streamline)
        {
            streamline.PartialResponse = response;
        }
        else if (response is not null)
        {
            exception.Data[Key] = response;
        }
        else
        {
            exception.Data.Remove(Key);
        }
    }
}
