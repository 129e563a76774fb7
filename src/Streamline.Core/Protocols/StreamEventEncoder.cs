using System.Buffers;

namespace Streamline.Protocols;

/// <summary>Writes events in the form of a provider's wire: for tests, and for gateways that answer as a provider does.</summary>
/// <remarks>An encoder keeps the state of one response at a time and is not thread-safe.</remarks>
public abstract class StreamEventEncoder
{
    private protected StreamEventEncoder()
    {
    }

    /// <summary>
    /// Writes what the wire has for an event. What it has no form for, such as the events of retries and of tools that ran
    /// here, writes nothing.
    /// </summary>
    /// <param name="streamEvent">The event. The events of a response must come in the order that a decoder gives them.</param>
    /// <param name="output">Where to write whole frames, in UTF-8.</param>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">The event cannot come here, such as a delta of a block that is not open.</exception>
    public abstract void Encode(StreamEvent streamEvent, IBufferWriter<byte> output);

    /// <summary>Writes an error inside the stream, after which a provider says nothing more.</summary>
    /// <param name="error">The error: its status, code and words.</param>
    /// <param name="output">Where to write whole frames, in UTF-8.</param>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public abstract void EncodeError(ProviderException error, IBufferWriter<byte> output);
}
