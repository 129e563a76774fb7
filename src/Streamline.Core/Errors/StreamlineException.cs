using Microsoft.Extensions.AI;

namespace Streamline;

/// <summary>The base of every exception that Streamline itself raises.</summary>
/// <remarks>
/// Misuse of an argument and cancellation stay exceptions of the base class library. No message of a derived type
/// holds a credential or a request header.
/// </remarks>
public abstract class StreamlineException : Exception
{
    private protected StreamlineException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>Gets the part of the response that had arrived before the failure, or <see langword="null"/> when nothing is known of it.</summary>
    /// <value>
    /// Set by the client that read the response. When the response had started and nothing of an answer had arrived, it has no messages, but the ids and the model; its usage is the last that the provider reported. With a tool loop, it holds all rounds.
    /// </value>
    public ChatResponse? PartialResponse { get; internal set; }

    /// <summary>Gets how many attempts were made before the failure was reported, the one that failed last included.</summary>
    /// <value>The default is 1. Set by the retry middleware.</value>
    public int Attempts { get; internal set; } = 1;
}
