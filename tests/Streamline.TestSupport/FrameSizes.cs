using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Streamline.Protocols;

namespace Streamline.TestSupport;

/// <summary>Finds the frames of a body in a way of its own, so that figures per frame do not depend on the code that is measured.</summary>
internal static class FrameSizes
{
    /// <summary>The sizes of the frames of a body, in bytes and in order, line ends included.</summary>
    public static int[] Of(StreamProtocol protocol, byte[] body) => protocol.ContentType switch
    {
        "text/event-stream" => [.. Events(body)],
        "application/vnd.amazon.eventstream" => [.. Messages(body)],
        "application/x-ndjson" => [.. Lines(body).Where(line => line.Size > line.End).Select(line => line.Size)],
        _ => Elements(body),
    };

    private static IEnumerable<int> Events(byte[] body)
    {
        var size = 0;
        var hasData = false;
        foreach (var line in Lines(body))
        {
            size += line.Size;
            hasData |= body.AsSpan(line.Start, line.Size).StartsWith("data:"u8);
            if (line.Size > line.End)
            {
                continue;
            }

            if (hasData)
            {
                yield return size;
            }

            (size, hasData) = (0, false);
        }

        if (hasData)
        {
            yield return size;
        }
    }

    private static IEnumerable<int> Messages(byte[] body)
    {
        for (var start = 0; start + 4 <= body.Length;)
        {
            var size = (int)BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(start));
            yield return size;
            start += size;
        }
    }

    private static int[] Elements(byte[] body)
    {
        var start = body.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0;
        using var document = JsonDocument.Parse(body.AsMemory(start));
        return document.RootElement.ValueKind == JsonValueKind.Array
            ? [.. document.RootElement.EnumerateArray().Select(element => JsonMarshal.GetRawUtf8Value(element).Length)]
            : [body.Length];
    }

    /// <summary>Lines that end with a line feed, a carriage return or both, as event streams allow.</summary>
    private static IEnumerable<(int Start, int Size, int End)> Lines(byte[] body)
    {
        for (var start = 0; start < body.Length;)
        {
            var length = body.AsSpan(start).IndexOfAny((byte)'\r', (byte)'\n');
            if (length < 0)
            {
                yield return (start, body.Length - start, 0);
                yield break;
            }

            var end = body.AsSpan(start + length).StartsWith("\r\n"u8) ? 2 : 1;
            yield return (start, length + end, end);
            start += length + end;
        }
    }
}
