using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Streamline.Framing;
using Streamline.Protocols;
using Streamline.Tests.Http;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols;

/// <summary>Bodies that begin well and then go on for ever with bytes that make no event, for every protocol and framing.</summary>
internal static class Flood
{
    /// <summary>The protocols, each with every kind of bytes that makes no event in its framing.</summary>
    public static TheoryData<string, string> All()
    {
        var data = new TheoryData<string, string>();
        foreach (var protocol in Wires.Protocols.Append(StreamProtocols.GeminiJsonArray))
        {
            foreach (var pattern in PatternsOf(protocol.FrameFormat))
            {
                data.Add(protocol == StreamProtocols.GeminiJsonArray ? nameof(StreamProtocols.GeminiJsonArray) : protocol.Name, pattern);
            }
        }

        return data;
    }

    public static StreamProtocol Named(string name) => name == nameof(StreamProtocols.GeminiJsonArray) ? StreamProtocols.GeminiJsonArray : Wires.Named(name);

    public static FloodStream Of(string protocol, string pattern) => new(Head(Named(protocol)), Bytes(Named(protocol).FrameFormat, pattern));

    /// <summary>The start of a response.</summary>
    public static byte[] Head(StreamProtocol protocol)
    {
        var output = new ArrayBufferWriter<byte>();
        var encoder = protocol.CreateEncoder();
        encoder.Encode(new ResponseStarted { Provider = protocol.Name, ResponseId = "r1", Model = "m" }, output);
        encoder.Encode(new ContentStarted { Index = 0, Kind = ContentKind.Text }, output);
        encoder.Encode(new TextDelta { Index = 0, Text = "Hello" }, output);
        return output.WrittenSpan.ToArray();
    }

    public static byte[] Bytes(FrameFormat format, string pattern) =>
        format == FrameFormat.EventStream ? EndlessMessage() : Encoding.UTF8.GetBytes(pattern);

    private static string[] PatternsOf(FrameFormat format) => format switch
    {
        FrameFormat.Sse => ["\n", "\r", "\r\n", "garbage\n", "event: x\n\n", "id: 1\n\n", "retry: 5\n", "x: y\n", "data: y", ":\n"],
        FrameFormat.Ndjson => ["\n", " \r\n", "\t"],
        FrameFormat.JsonArray => ["\n", " ", "\r\n\t"],
        _ => ["a message that does not end"],
    };

    // Its length is 512 MiB, and its checksum right; the bytes that follow the prelude are the prelude again.
    private static byte[] EndlessMessage()
    {
        var prelude = new byte[12];
        BinaryPrimitives.WriteInt32BigEndian(prelude, 512 * 1024 * 1024);
        BinaryPrimitives.WriteUInt32BigEndian(prelude.AsSpan(8), Crc32.Compute(prelude.AsSpan(0, 8)));
        return prelude;
    }
}
