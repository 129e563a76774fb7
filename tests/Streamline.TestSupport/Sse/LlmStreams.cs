using System.Globalization;
using System.Text;

namespace Streamline.TestSupport.Sse;

/// <summary>Streams in the shapes that language models send, made up here: events of about 125 bytes.</summary>
public static class LlmStreams
{
    private static readonly string[] Words = ["Hello", " there", ", the", " weather", " in", " Paris", " is", " mild", " today", "."];

    /// <summary>Chat completion chunks: one data line each, no event name.</summary>
    public static byte[] OpenAI(int events)
    {
        var text = new StringBuilder();
        for (var i = 0; i < events; i++)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"data: {{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{Words[i % Words.Length]}\"}}}}]}}\n\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Message deltas: an event name and one data line each.</summary>
    public static byte[] Anthropic(int events)
    {
        var text = new StringBuilder();
        for (var i = 0; i < events; i++)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"event: content_block_delta\ndata: {{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{{\"type\":\"text_delta\",\"text\":\"{Words[i % Words.Length]}\"}}}}\n\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
