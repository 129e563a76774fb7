using System.Globalization;

namespace Streamline;

/// <summary>A part of an exchange took longer than its time limit. Cancellation by the caller is never reported this way.</summary>
public sealed class StreamTimeoutException : StreamlineException
{
    /// <summary>Initializes a new instance of the <see cref="StreamTimeoutException"/> class.</summary>
    /// <param name="phase">The part that took too long.</param>
    /// <param name="timeout">The time limit in force; <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> when it is unknown.</param>
    /// <param name="innerException">The exception that ended the exchange, when there is one.</param>
    public StreamTimeoutException(StreamTimeoutPhase phase, TimeSpan timeout, Exception? innerException = null)
        : base(Describe(phase, timeout), innerException)
    {
        Phase = phase;
        Timeout = timeout;
    }

    /// <summary>Gets the part that took too long.</summary>
    public StreamTimeoutPhase Phase { get; }

    /// <summary>Gets the time limit that was in force; <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> when it is unknown, because a chat client enforced it.</summary>
    public TimeSpan Timeout { get; }

    private static string Describe(StreamTimeoutPhase phase, TimeSpan timeout) => timeout == System.Threading.Timeout.InfiniteTimeSpan
        ? $"{Describe(phase)} within the time limit of the chat client."
        : string.Create(CultureInfo.InvariantCulture, $"{Describe(phase)} within the time limit of {timeout.TotalMilliseconds} ms{(phase == StreamTimeoutPhase.ResponseHead ? ", which is HttpClient.Timeout" : "")}.");

    private static string Describe(StreamTimeoutPhase phase) => phase switch
    {
        StreamTimeoutPhase.ResponseHead => "The head of the response did not arrive",
        StreamTimeoutPhase.FirstEvent => "The first event did not arrive",
        StreamTimeoutPhase.Idle => "The next event did not arrive",
        StreamTimeoutPhase.Throughput => "The model wrote too slowly and could not catch up",
        StreamTimeoutPhase.Progress => "No event other than pings arrived",
        _ => "The stream did not end",
    };
}
