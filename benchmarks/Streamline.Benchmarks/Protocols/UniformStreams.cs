using System.Text;

namespace Streamline.Benchmarks.Protocols;

/// <summary>Generated streams in the form of the providers: a long answer in small pieces of text, every delta of the same shape.</summary>
internal static class UniformStreams
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

    public static byte[] OpenAIResponses(int deltas)
    {
        const string Message = """ "id":"msg_067b756b377f97050069e16f9c32f081908789d727b300cbf0","type":"message","role":"assistant" """;
        const string Place = """ "item_id":"msg_067b756b377f97050069e16f9c32f081908789d727b300cbf0","output_index":0,"content_index":0 """;
        const string Response = """ "id":"resp_01","object":"response","created_at":1760000000,"model":"gpt-test","error":null,"incomplete_details":null,"instructions":null,"metadata":{},"parallel_tool_calls":true,"temperature":1.0,"tool_choice":"auto","tools":[],"top_p":1.0 """;
        var text = new StringBuilder();
        var answer = string.Concat(Enumerable.Range(0, deltas).Select(i => Pieces[i % Pieces.Length]));
        var part = $$"""{"type":"output_text","annotations":[],"logprobs":[],"text":"{{answer}}"}""";
        var number = 0;
        Event("response.created", $$"""
            "response":{{{Response}},"status":"in_progress","output":[],"usage":null}
            """);
        Event("response.output_item.added", $$"""
            "output_index":0,"item":{{{Message}},"status":"in_progress","content":[]}
            """);
        Event("response.content_part.added", $$"""
            {{Place}},"part":{"type":"output_text","annotations":[],"logprobs":[],"text":""}
            """);
        for (var i = 0; i < deltas; i++)
        {
            Event("response.output_text.delta", $$"""
                {{Place}},"delta":"{{Pieces[i % Pieces.Length]}}","logprobs":[],"obfuscation":"{{"abcdefghijklmnop"[..(1 + (i * 7 % 16))]}}"
                """);
        }

        Event("response.output_text.done", $$"""
            {{Place}},"text":"{{answer}}","logprobs":[]
            """);
        Event("response.content_part.done", $"{Place},\"part\":{part}");
        Event("response.output_item.done", $$"""
            "output_index":0,"item":{{{Message}},"status":"completed","content":[{{part}}]}
            """);
        Event("response.completed", $$$"""
            "response":{{{{Response}}},"status":"completed","output":[{{{{Message}}},"status":"completed","content":[{{{part}}}]}],"usage":{"input_tokens":25,"output_tokens":1000,"total_tokens":1025}}
            """);
        return Encoding.UTF8.GetBytes(text.ToString());

        void Event(string name, string members) => text
            .Append("event: ").Append(name).Append("\ndata: {\"type\":\"").Append(name).Append("\",\"sequence_number\":").Append(number++).Append(',').Append(members.Trim()).Append("}\n\n");
    }
}
