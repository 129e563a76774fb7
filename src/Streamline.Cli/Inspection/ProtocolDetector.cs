using System.Buffers.Binary;
using System.Text;
using Streamline.Protocols;

namespace Streamline.Cli.Inspection;

/// <summary>Recognizes the protocol of a response by words that only one protocol uses.</summary>
internal static class ProtocolDetector
{
    private const int MaxPrelude = 16 * 1024 * 1024;
    private const int SearchedBytes = 64 * 1024;

    // The one that comes first in the body decides.
    private static readonly (byte[] Word, StreamProtocol Protocol)[] Words =
    [
        (Word("message_start"), StreamProtocols.Anthropic),
        (Word("content_block_start"), StreamProtocols.Anthropic),
        (Word("content_block_delta"), StreamProtocols.Anthropic),
        (Word("response.created"), StreamProtocols.OpenAIResponses),
        (Word("response.in_progress"), StreamProtocols.OpenAIResponses),
        (Word("response.output_item"), StreamProtocols.OpenAIResponses),
        (Word("response.output_text"), StreamProtocols.OpenAIResponses),
        (Word("chat.completion.chunk"), StreamProtocols.OpenAIChat),
        (Word("\"choices\""), StreamProtocols.OpenAIChat),
        (Word("\"candidates\""), StreamProtocols.Gemini),
        (Word("usageMetadata"), StreamProtocols.Gemini),
        (Word("message-start"), StreamProtocols.Cohere),
        (Word("content-delta"), StreamProtocols.Cohere),
        (Word("interaction.created"), StreamProtocols.GeminiInteractions),
        (Word("interaction.start"), StreamProtocols.GeminiInteractions),
        (Word("\"event_type\""), StreamProtocols.GeminiInteractions),
    ];

    public static StreamProtocol? Detect(ReadOnlySpan<byte> body)
    {
        var beginning = body[..Math.Min(body.Length, SearchedBytes)];
        if (IsEventStream(beginning))
        {
            return beginning.IndexOf("chunk"u8) is var chunk and >= 0 && beginning[..chunk].IndexOf("messageStart"u8) < 0 ? StreamProtocols.BedrockAnthropic : StreamProtocols.BedrockConverse;
        }

        var text = beginning.TrimStart("\ufeff\r\n\t "u8);
        if (text.StartsWith((byte)'['))
        {
            return text.IndexOf("\"candidates\""u8) >= 0 || text.IndexOf("\"error\""u8) >= 0 ? StreamProtocols.GeminiJsonArray : null;
        }

        if (text.StartsWith((byte)'{') && text.IndexOf("\"done\""u8) >= 0)
        {
            return StreamProtocols.Ollama;
        }

        var (first, protocol) = (int.MaxValue, default(StreamProtocol));
        foreach (var (word, candidate) in Words)
        {
            if (text.IndexOf(word) is >= 0 and var at && at < first)
            {
                (first, protocol) = (at, candidate);
            }
        }

        return protocol;
    }

    private static bool IsEventStream(ReadOnlySpan<byte> body) =>
        body.Length >= 16 && BinaryPrimitives.ReadInt32BigEndian(body) is >= 16 and <= MaxPrelude && body[..Math.Min(body.Length, 512)].IndexOf(":event-type"u8) >= 0;

    private static byte[] Word(string text) => Encoding.UTF8.GetBytes(text);
}
