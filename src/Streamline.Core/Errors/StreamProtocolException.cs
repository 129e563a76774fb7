using System.Globalization;

namespace Streamline;

/// <summary>The bytes of a stream do not follow its protocol format. Everything decoded before the error has been delivered.</summary>
public sealed class StreamProtocolException : StreamlineException
{
    /// <summary>Initializes a new instance of the <see cref="StreamProtocolException"/> class.</summary>
    /// <param name="error">The class of fault.</param>
    /// <param name="message">What was found and what was expected, without a final full stop.</param>
    /// <param name="byteOffset">The offset of the fault in the bytes named by the message, counted from 0; <see langword="null"/> when unknown. The message is followed by it.</param>
    /// <param name="innerException">The cause, when there is one.</param>
    public StreamProtocolException(StreamProtocolError error, string message, long? byteOffset, Exception? innerException = null)
        : base(byteOffset is null ? message + "." : string.Create(CultureInfo.InvariantCulture, $"{message}, at byte {byteOffset}."), innerException)
    {
        Error = error;
        ByteOffset = byteOffset;
    }

    /// <summary>Gets the kind of error.</summary>
    public StreamProtocolError Error { get; }

    /// <summary>Gets the offset of the error in the stream, in bytes from 0; <see langword="null"/> when unknown.</summary>
    public long? ByteOffset { get; }
}
