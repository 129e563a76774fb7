using System.Text;

namespace Streamline.Benchmarks.Protocols;

/// <summary>Streams as the providers send them: a long answer in small pieces of text.</summary>
internal static class RecordedStreams
{
    private static readonly string[] Pieces = [" the", " answer", ",", " as", " it", " is", " generated", ".", " Über", " \\\"so\\\"", "\\n\\n", " 2026", " token", "s", " stream", "ing"];

    public static byte[] Anthropic(int deltas)
    {
        var text = new StringBuilder();
        Event("message_start", """{"type":"message_start","message":{"id":"msg_01","type":"message","role":"assistant","model":"claude-test","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":25,"output_tokens":1}}}""");
        Event("content_block_start", """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""");
        for (var i = 0; i < deltas; i++)
        {
            Event("content_block_delta", $$$"""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"{{{Pieces[i % Pieces.Length]}}}"}}""");
        }

        Event("content_block_stop", """{"type":"content_block_stop","index":0}""");
        Event("message_delta", """{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":1000}}""");
        Event("message_stop", """{"type":"message_stop"}""");
        return Encoding.UTF8.GetBytes(text.ToString());

        void Event(string name, string data) => text.Append("event: ").Append(name).Append("\ndata: ").Append(data).Append("\n\n");
    }

    public static byte[] OpenAIChat(int deltas)
    {
        var text = new StringBuilder();
        Chunk("""{"role":"assistant","content":"","refusal":null}""", "null", 0);
        for (var i = 0; i < deltas; i++)
        {
            Chunk($$"""{"content":"{{Pieces[i % Pieces.Length]}}"}""", "null", i);
        }

        Chunk("{}", "\"stop\"", 0);
        text.Append("""data: {"id":"chatcmpl-01","object":"chat.completion.chunk","created":1760000000,"model":"gpt-test","service_tier":"default","system_fingerprint":"fp_01","choices":[],"usage":{"prompt_tokens":25,"completion_tokens":1000,"total_tokens":1025},"obfuscation":"x"}""").Append("\n\n");
        text.Append("data: [DONE]\n\n");
        return Encoding.UTF8.GetBytes(text.ToString());

        void Chunk(string delta, string finish, int seed) => text
            .Append("""data: {"id":"chatcmpl-01","object":"chat.completion.chunk","created":1760000000,"model":"gpt-test","service_tier":"default","system_fingerprint":"fp_01","choices":[{"index":0,"delta":""")
            .Append(delta).Append(""","logprobs":null,"finish_reason":""").Append(finish)
            .Append("}],\"usage\":null,\"obfuscation\":\"").Append("abcdefghijklmnop".AsSpan(0, 1 + (seed * 7 % 16))).Append("\"}\n\n");
    }
}
