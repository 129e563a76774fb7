using System.Buffers.Binary;

namespace Streamline.Framing;

/// <summary>Recognizes the format of a body by its first bytes, for servers that send a stream under the wrong media type.</summary>
internal static class FrameFormatHead
{
    /// <summary>Tells whether a body is a stream of a format.</summary>
    /// <param name="format">The format.</param>
    /// <param name="head">The first bytes of the body.</param>
    /// <returns><see langword="null"/> when it takes more bytes to tell.</returns>
    /// <remarks>
    /// An error in JSON or an HTML page is never taken for a stream. Lines of JSON count from their first whole line on, because an error is JSON too.
    /// </remarks>
    public static bool? IsStream(FrameFormat format, ReadOnlySpan<byte> head)
    {
        if (format == FrameFormat.EventStream)
        {
            return IsEventStream(head);
        }

        var text = Utf8Signature.Skip(head, 0).TrimStart(" \t\r\n"u8);
        return text.IsEmpty ? null : format switch
        {
            FrameFormat.Sse => IsField(text),
            FrameFormat.Ndjson => IsLineOfJson(text),
            _ => text[0] == (byte)'[',
        };
    }

    private static bool? IsEventStream(ReadOnlySpan<byte> head) =>
        head.Length < 12 ? null : Crc32.Compute(head[..8]) == BinaryPrimitives.ReadUInt32BigEndian(head[8..]);

    private static bool? IsField(ReadOnlySpan<byte> text)
    {
        if (text[0] == (byte)':')
        {
            return true;
        }

        var length = text.IndexOfAny((byte)':', (byte)'\n', (byte)'\r');
        if (length < 0)
        {
            return "data"u8.StartsWith(text) || "event"u8.StartsWith(text) || "retry"u8.StartsWith(text) || "id"u8.StartsWith(text) ? null : false;
        }

        var name = text[..length];
        return name.SequenceEqual("data"u8) || name.SequenceEqual("event"u8) || name.SequenceEqual("id"u8) || name.SequenceEqual("retry"u8);
    }

    private static bool? IsLineOfJson(ReadOnlySpan<byte> text)
    {
        if (text[0] != (byte)'{')
        {
            return false;
        }

        var length = text.IndexOf((byte)'\n');
        return length < 0 ? null : WholeJson.IsValue(text[..length]);
    }
}
