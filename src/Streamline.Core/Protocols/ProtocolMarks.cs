using Streamline.Framing;

namespace Streamline.Protocols;

/// <summary>
/// Tells by which protocol a stream was written when it makes no sense in the one it is read with. A protocol that does not belong to the address is a likely mistake in a first
/// program, and no further attempt mends it.
/// </summary>
internal static class ProtocolMarks
{
    private static readonly StreamProtocol[] Known =
    [
        StreamProtocols.Anthropic,
        StreamProtocols.OpenAIChat,
        StreamProtocols.OpenAIResponses,
        StreamProtocols.Gemini,
        StreamProtocols.GeminiInteractions,
        StreamProtocols.Cohere,
        StreamProtocols.Ollama,
    ];

    /// <summary>Gets the name of the protocol that has such a payload; <see langword="null"/> when none is known to have it.</summary>
    public static string? NameOf(PayloadValue payload)
    {
        foreach (var protocol in Known)
        {
            if (protocol.IsMark(payload))
            {
                return protocol.Name;
            }
        }

        return null;
    }

    /// <summary>Gets the name of the protocol whose frames are in a text that made no frame of another format; <see langword="null"/> when none is known.</summary>
    public static string? NameOf(ReadOnlySpan<byte> text)
    {
        if (text.IndexOf(":event-type"u8) >= 0)
        {
            return StreamProtocols.BedrockConverse.Name; // the headers of its frames
        }

        var end = text.IndexOf((byte)'\n');
        _ = Payload.TryParse(end < 0 ? text : text[..end], out var line);
        using (line)
        {
            return Known.FirstOrDefault(static protocol => protocol.FrameFormat == FrameFormat.Ndjson) is { } protocol && protocol.IsMark(line.Root) ? protocol.Name : null;
        }
    }
}
