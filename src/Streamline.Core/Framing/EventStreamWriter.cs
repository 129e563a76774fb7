using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Streamline.Framing;

/// <summary>Writes the messages of an AWS event stream, with both of their checksums.</summary>
/// <remarks>Specification: Smithy, "Amazon Event Stream". All numbers are big-endian.</remarks>
internal static class EventStreamWriter
{
    private const byte StringType = 7;
    private const int PreludeLength = 8;

    /// <summary>Writes an event.</summary>
    /// <param name="output">Where to write the message.</param>
    /// <param name="eventType">The type of the event.</param>
    /// <param name="payload">The JSON text, in UTF-8.</param>
    /// <exception cref="ArgumentException"><paramref name="eventType"/> is longer than 65,535 bytes of UTF-8.</exception>
    public static void WriteEvent(IBufferWriter<byte> output, string eventType, ReadOnlySpan<byte> payload) =>
        Write(output, [(":event-type", eventType), (":content-type", "application/json"), (":message-type", "event")], payload);

    /// <summary>Writes an exception, after which a server says nothing more.</summary>
    /// <param name="output">Where to write the message.</param>
    /// <param name="exceptionType">The type of the exception.</param>
    /// <param name="payload">The JSON text, in UTF-8.</param>
    /// <exception cref="ArgumentException"><paramref name="exceptionType"/> is longer than 65,535 bytes of UTF-8.</exception>
    public static void WriteException(IBufferWriter<byte> output, string exceptionType, ReadOnlySpan<byte> payload) =>
        Write(output, [(":exception-type", exceptionType), (":content-type", "application/json"), (":message-type", "exception")], payload);

    private static void Write(IBufferWriter<byte> output, ReadOnlySpan<(string Name, string Value)> headers, ReadOnlySpan<byte> payload)
    {
        var message = new ArrayBufferWriter<byte>();
        foreach (var (name, value) in headers)
        {
            WriteHeader(message, name, value);
        }

        var headersLength = message.WrittenCount;
        message.Write(payload);
        var total = PreludeLength + sizeof(uint) + message.WrittenCount + sizeof(uint);
        var frame = output.GetSpan(total)[..total];
        BinaryPrimitives.WriteInt32BigEndian(frame, total);
        BinaryPrimitives.WriteInt32BigEndian(frame[sizeof(uint)..], headersLength);
        BinaryPrimitives.WriteUInt32BigEndian(frame[PreludeLength..], Crc32.Compute(frame[..PreludeLength]));
        message.WrittenSpan.CopyTo(frame[(PreludeLength + sizeof(uint))..]);
        BinaryPrimitives.WriteUInt32BigEndian(frame[^sizeof(uint)..], Crc32.Compute(frame[..^sizeof(uint)]));
        output.Advance(total);
    }

    private static void WriteHeader(ArrayBufferWriter<byte> message, string name, string value)
    {
        message.Write([(byte)name.Length]);
        message.Write(Encoding.ASCII.GetBytes(name));
        message.Write([StringType]);
        var bytes = Encoding.UTF8.GetBytes(value);
        if (bytes.Length > ushort.MaxValue)
        {
            throw new ArgumentException($"Expected at most {ushort.MaxValue} bytes of UTF-8 in the header {name}; found {bytes.Length}.", nameof(value));
        }

        BinaryPrimitives.WriteUInt16BigEndian(message.GetSpan(sizeof(ushort)), (ushort)bytes.Length);
        message.Advance(sizeof(ushort));
        message.Write(bytes);
    }
}
