using System.Text;
using Streamline.Framing;
using Streamline.Protocols;
using Streamline.Tests.Framing;

namespace Streamline.Tests.Protocols.Hostile;

/// <summary>One frame of a body: its name, empty where it has none, and its payload.</summary>
internal sealed record HostileFrame(string Name, string Data);

/// <summary>The body of a response as a list of frames, which can be changed and written again.</summary>
internal sealed record HostileBody(StreamProtocol Protocol, IReadOnlyList<HostileFrame> Frames)
{
    /// <summary>Divides a body into its frames. Comments are left out.</summary>
    public static async Task<HostileBody> ParseAsync(StreamProtocol protocol, byte[] body)
    {
        var parsed = new List<HostileFrame>();
        await using var frames = protocol.CreateFrameReader(new MemoryStream(body), new StreamReadOptions());
        while (await frames.ReceiveAsync(FrameReader.MaxReadBytes, CancellationToken.None))
        {
            ReadAvailable(frames, parsed);
        }

        return new HostileBody(protocol, parsed);
    }

    public byte[] ToBytes() => Protocol.FrameFormat switch
    {
        FrameFormat.EventStream when Protocol == StreamProtocols.BedrockAnthropic => [.. Frames.SelectMany(Chunk)],
        FrameFormat.Sse => Encoding.UTF8.GetBytes(string.Concat(Frames.Select(Event))),
        FrameFormat.Ndjson => Encoding.UTF8.GetBytes(string.Concat(Frames.Select(frame => frame.Data + "\n"))),
        FrameFormat.JsonArray => Encoding.UTF8.GetBytes($"[{string.Join(",\n", Frames.Select(frame => frame.Data))}]"),
        _ => [.. Frames.SelectMany(frame => EventStreamMessage.Event(frame.Name, Encoding.UTF8.GetBytes(frame.Data)))],
    };

    /// <summary>The frames as a text to read.</summary>
    public override string ToString() => string.Join('\n', Frames.Select(frame => frame.Name.Length == 0 ? frame.Data : $"[{frame.Name}] {frame.Data}"));

    private static string Event(HostileFrame frame)
    {
        var name = frame.Name.Length == 0 ? "" : $"event: {frame.Name}\n";
        return $"{name}{string.Concat(frame.Data.Split('\n').Select(line => $"data: {line}\n"))}\n";
    }

    /// <summary>An event of Anthropic as Bedrock wraps it.</summary>
    private static byte[] Chunk(HostileFrame frame) =>
        EventStreamMessage.Event("chunk", Encoding.UTF8.GetBytes($$"""{"bytes":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(frame.Data))}}"}"""));

    private static void ReadAvailable(FrameReader frames, List<HostileFrame> parsed)
    {
        while (frames.TryRead(out var frame))
        {
            if (frame.Kind != FrameKind.KeepAlive)
            {
                var name = Encoding.UTF8.GetString(frame.Name);
                parsed.Add(new HostileFrame(name == "message" ? "" : name, Encoding.UTF8.GetString(frame.Data)));
            }
        }
    }
}
