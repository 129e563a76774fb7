using System.Globalization;

namespace Streamline;

/// <summary>
/// The body of a response ended, or its connection broke, before the protocol's terminal event. What had arrived is in
/// <see cref="StreamlineException.PartialResponse"/>.
/// </summary>
public sealed class StreamInterruptedException : StreamlineException
{
    /// <summary>Initializes a new instance of the <see cref="StreamInterruptedException"/> class.</summary>
    /// <param name="message">What was missing, without a final full stop.</param>
    /// <param name="bytesReceived">How many bytes of the body had arrived; <see langword="null"/> when unknown. The message is followed by it.</param>
    /// <param name="innerException">The transport's exception, when the connection broke.</param>
    public StreamInterruptedException(string message, long? bytesReceived, Exception? innerException = null)
        : base(bytesReceived is null ? message + "." : string.Create(CultureInfo.InvariantCulture, $"{message}, after {bytesReceived} bytes."), innerException) => BytesReceived = bytesReceived;

    /// <summary>Gets the number of bytes of the body that had arrived; <see langword="null"/> when unknown.</summary>
    public long? BytesReceived { get; }

    /// <summary>Gets the last event id that the stream carried, or <see langword="null"/> when it carried none.</summary>
    public string? LastEventId { get; init; }
}
