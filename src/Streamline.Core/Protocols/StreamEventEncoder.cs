using System.Buffers;

namespace Streamline.Protocols;

/// <summary>Writes events in the form of a provider's protocol: for tests, and for gateways that answer as a provider does.</summary>
/// <remarks>An encoder writes one response at a time, any number one after another, and is not thread-safe.</remarks>
public abstract class StreamEventEncoder
{
    private protected StreamEventEncoder()
    {
    }

    /// <summary>Writes an event. Events for which the protocol has no form, such as those of retries and of tools that ran here, write nothing.</summary>
    /// <param name="streamEvent">The event. The events of a response must come in the order in which a decoder returns them.</param>
    /// <param name="output">Where to write whole frames, in UTF-8.</param>
    /// <remarks>
    /// Some events are written only when later ones are known: a signature may belong to the text before it. <see cref="Flush"/> writes what is held back, and nothing is after
    /// <see cref="ResponseCompleted"/>. A <see cref="ResponseStarted"/> always begins a new response, also when the one before it did not end.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">The event cannot come here: it is outside of a response, or belongs to a block that is not open or of another kind.</exception>
    public abstract void Encode(StreamEvent streamEvent, IBufferWriter<byte> output);

    /// <summary>Writes what is held back. Call it when the source of the events ends early without an error that <see cref="EncodeError"/> can write.</summary>
    /// <param name="output">Where to write whole frames, in UTF-8.</param>
    /// <exception cref="ArgumentNullException"><paramref name="output"/> is <see langword="null"/>.</exception>
    public abstract void Flush(IBufferWriter<byte> output);

    /// <summary>Writes what is held back and an error inside the stream, after which a provider sends nothing more.</summary>
    /// <param name="error">The error.</param>
    /// <param name="output">Where to write whole frames, in UTF-8.</param>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public abstract void EncodeError(ProviderException error, IBufferWriter<byte> output);
}
