using System.Buffers.Binary;

namespace Streamline.Framing;

/// <summary>
/// Splits an AWS event stream: binary messages of a prelude, headers, a payload and two checksums. The frame's name is the type of the
/// event, exception or error; its data is the payload, or the words of an error, which has none.
/// </summary>
/// <remarks>Specification: Smithy, "Amazon Event Stream". All numbers are big-endian.</remarks>
internal sealed class EventStreamSplitter(int maxFrameBytes) : FrameSplitter(maxFrameBytes)
{
    private const int PreludeLength = 8;
    private const int HeadersStart = PreludeLength + sizeof(uint);
    private const int Overhead = HeadersStart + sizeof(uint);

    public override bool TrySplit(ReadOnlySpan<byte> window, long offset, out Frame frame, out int consumed)
    {
        frame = default;
        consumed = 0;
        if (window.Length < HeadersStart)
        {
            return false;
        }

        // The lengths are trusted only once their own checksum says that they may be.
        if (Crc32.Compute(window[..PreludeLength]) != BinaryPrimitives.ReadUInt32BigEndian(window[PreludeLength..]))
        {
            throw Fault("a prelude whose checksum is wrong", "that of its bytes", offset);
        }

        var total = BinaryPrimitives.ReadUInt32BigEndian(window);
        var headersLength = BinaryPrimitives.ReadUInt32BigEndian(window[sizeof(uint)..]);
        if (total < Overhead || headersLength > total - Overhead)
        {
            throw Fault($"a message of {total} bytes with headers of {headersLength}", $"at least {Overhead} bytes more than the headers have", offset);
        }

        ThrowIfTooLong(total);
        if (window.Length < total)
        {
            return false;
        }

        consumed = (int)total;
        var message = window[..consumed];
        if (Crc32.Compute(message[..^sizeof(uint)]) != BinaryPrimitives.ReadUInt32BigEndian(message[^sizeof(uint)..]))
        {
            throw Fault("a message whose checksum is wrong", "that of its bytes", offset);
        }

        frame = ToFrame(message, HeadersStart + (int)headersLength, offset);
        return true;
    }

    private static Frame ToFrame(ReadOnlySpan<byte> message, int headersEnd, long offset)
    {
        var headers = default(EventStreamHeaders);
        for (var rest = message[HeadersStart..headersEnd]; !rest.IsEmpty;)
        {
            if (!headers.TryReadNext(ref rest))
            {
                throw Fault("a header that is cut, of an unknown type or there twice", "whole ones, each once", offset + headersEnd - rest.Length);
            }
        }

        var payload = message[headersEnd..^sizeof(uint)];
        return headers.MessageType switch
        {
            _ when headers.MessageType.SequenceEqual("exception"u8) => new Frame(FrameKind.Error, headers.ExceptionType, payload, offset),
            _ when headers.MessageType.SequenceEqual("error"u8) => new Frame(FrameKind.Error, headers.ErrorCode, headers.ErrorMessage, offset),
            _ => new Frame(FrameKind.Message, headers.EventType, payload, offset),
        };
    }

    private static StreamProtocolException Fault(string found, string expected, long offset) =>
        new(StreamProtocolError.InvalidFrame, $"Found {found}, expected {expected}", offset);
}
