using System.Globalization;

namespace Streamline.Tests.Protocols.OpenAIChat;

/// <summary>
/// The table of quirks (reference of the wire, sections 3.1, 4, 5 and 6): a row per server and deviation, with a stream as that server sends it. The calls
/// of section 3.1 have a table of their own, <see cref="OpenAIChatQuirkTests"/>.
/// </summary>
public sealed class OpenAIChatServerQuirkTests
{
    private const string Text = """ "content":"Hi" """;

    /// <summary>Server and deviation, the stream, and the folded answer: reasoning, text, calls, finish reason, usage as input/output/total/reasoning, and names of what is told beside it.</summary>
    public static TheoryData<string, string, string> Rows => new()
    {
        // Section 4: reasoning.
        { "DeepSeek: reasoning_content before content", Of(Delta(""" "role":"assistant","content":null,"reasoning_content":"h" """), Delta(""" "content":null,"reasoning_content":"m" """), Delta(""" "content":"Hi","reasoning_content":null """, "stop")), "(hm) Hi Stop" },
        { "Groq: reasoning", Of(Delta(""" "reasoning":"hm" """), Delta(Text, "stop")), "(hm) Hi Stop" },
        { "OpenRouter: reasoning and reasoning_details with the same text", Of(Delta(""" "content":"","reasoning":"hm","reasoning_details":[{"type":"reasoning.text","text":"hm","format":"unknown","index":0}] """), Delta(Text, "stop")), "(hm) Hi Stop" },
        { "OpenRouter: a summary", Of(Delta(""" "reasoning":"hm","reasoning_details":[{"type":"reasoning.summary","summary":"hm","id":null}] """), Delta(Text, "stop")), "(hm) Hi Stop" },
        { "OpenRouter: encrypted reasoning", Of(Delta(""" "reasoning_details":[{"type":"reasoning.encrypted","data":"E"}] """), Delta(Text, "stop")), "(encrypted) Hi Stop" },
        { "OpenRouter: a signature by itself", Of(Delta(""" "reasoning_details":[{"type":"reasoning.text","text":"hm","index":0}] """), Delta(""" "reasoning_details":[{"type":"reasoning.text","signature":"s","index":0}] """), Delta(Text, "stop")), "(hm signed s) Hi Stop" },
        { "LiteLLM: thinking_blocks beside the same text", Of(Delta(""" "reasoning_content":"h","thinking_blocks":[{"type":"thinking","thinking":"h","signature":null}] """), Delta(""" "reasoning_content":"m","thinking_blocks":[{"type":"thinking","thinking":"m","signature":null}] """), Delta(""" "reasoning_content":"","thinking_blocks":[{"type":"thinking","thinking":"","signature":"s"}] """), Delta(Text, "stop")), "(hm signed s) Hi Stop" },
        { "LiteLLM: a signature after plain text", Of(Delta(""" "reasoning_content":"hm" """), Delta(""" "thinking_blocks":[{"type":"thinking","signature":"s"}] """), Delta(Text, "stop")), "(hm signed s) Hi Stop" },
        { "LiteLLM: redacted thinking", Of(Delta(""" "thinking_blocks":[{"type":"redacted_thinking","data":"E"}] """), Delta(Text, "stop")), "(encrypted) Hi Stop" },
        { "vLLM: both names with the same text", Of(Delta(""" "reasoning":"hm","reasoning_content":"hm" """), Delta(Text, "stop")), "(hm) Hi Stop" },
        { "Mistral: content of parts", Of(Delta(""" "content":[{"type":"thinking","thinking":[{"type":"text","text":"h"}]}] """), Delta(""" "content":[{"type":"thinking","thinking":[{"type":"text","text":"m"}]},{"type":"text","text":"H"}] """), Delta(""" "content":"i" """, "stop")), "(hm) Hi Stop" },
        { "a local server: tags in the content stay text", Of(Delta(""" "content":"<think>hm</think>Hi" """, "stop")), "<think>hm</think>Hi Stop" },

        // Section 5: the first chunk, the last one, and what stands between.
        { "Azure: a first chunk of results of the filter", Stream("""{"id":"","created":0,"model":"","object":"","choices":[],"prompt_filter_results":[{"prompt_index":0}]}""", Delta(Text, "stop"), "[DONE]"), "Hi Stop + prompt_filter_results" },
        { "Azure: the older key", Stream("""{"id":"","created":0,"model":"","object":"","choices":[],"prompt_annotations":[{"prompt_index":0}]}""", Delta(Text, "stop"), "[DONE]"), "Hi Stop + prompt_annotations" },
        { "Azure: chunks of the asynchronous filter without a delta, also after the end", Of(Delta(Text), """{"id":"","choices":[{"index":0,"content_filter_results":{"hate":{"filtered":false}},"content_filter_offsets":{"check_offset":0}}]}""", Delta("", "stop"), """{"id":"","choices":[{"index":0,"content_filter_offsets":{"check_offset":9}}]}"""), "Hi Stop + content_filter_results content_filter_offsets content_filter_offsets" },
        { "Azure: a block by the filter without a delta", Of(Delta(Text), """{"id":"c1","choices":[{"index":0,"finish_reason":"content_filter","content_filter_results":{"hate":{"filtered":true}}}]}"""), "Hi ContentFilter + content_filter_results" },
        { "Azure: all keys, null, and matched_stop", Of("""{"id":"c1","choices":[{"index":0,"delta":{"role":"assistant","content":"Hi","reasoning_content":null,"tool_calls":null,"refusal":null},"logprobs":null,"finish_reason":null,"matched_stop":null}]}""", """{"id":"c1","choices":[{"index":0,"delta":{"content":""},"finish_reason":"stop","matched_stop":1}]}"""), "Hi Stop + matched_stop" },
        { "Groq: x_groq at both ends, usage in it alone", Of("""{"id":"c1","choices":[{"index":0,"delta":{"content":"Hi"}}],"x_groq":{"id":"req","seed":1}}""", """{"id":"c1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"x_groq":{"id":"req","usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}}"""), "Hi Stop 1/2/3/ + x_groq x_groq" },
        { "Mistral: usage in the finishing chunk", Of(Delta(Text), """{"id":"c1","choices":[{"index":0,"delta":{"content":""},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}"""), "Hi Stop 1/2/3/" },
        { "DeepSeek: counts of the cache", Of("""{"id":"c1","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":2,"total_tokens":12,"prompt_cache_hit_tokens":4,"prompt_cache_miss_tokens":6}}"""), "Hi Stop 10/2/12/ cached 4" },
        { "Qwen: choices without finish_reason and logprobs", Of("""{"id":"c1","choices":[{"index":0,"delta":{"content":"H"}}]}""", """{"id":"c1","choices":[{"delta":{"content":"i"},"index":0}]}""", Delta("", "stop")), "Hi Stop" },
        { "xAI: reasoning beside the output, and a total that says so", Of("""{"id":"c1","choices":[{"index":0,"delta":{"content":"Hi"}}]}""", Delta("", "stop"), """{"id":"c1","choices":[],"usage":{"prompt_tokens":291,"completion_tokens":26,"total_tokens":513,"completion_tokens_details":{"reasoning_tokens":196},"num_sources_used":0},"citations":["https://x"]}"""), "Hi Stop 291/222/513/196 + citations" },
        { "Moonshot: no object, usage in the choice's chunk", Of("""{"id":"c1","model":"m","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}"""), "Hi Stop 1/2/3/" },
        { "Moonshot: usage within the choice", Of("""{"id":"c1","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":"stop","usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}]}"""), "Hi Stop 1/2/3/" },
        { "gateways: usage within the choice that cannot be read", Of("""{"id":"c1","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":"stop","usage":7}]}"""), "Hi Stop + choices[0].usage" },
        { "Perplexity: role, usage and citations in every chunk", Of(Perplexity("H", 1, null), Perplexity("i", 2, "stop")), "Hi Stop 1/2/3/ + citations search_results" },
        { "OpenRouter: keep-alive comments, its provider, a price", ": OPENROUTER PROCESSING\n\n" + Stream("""{"id":"c1","provider":"P","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null,"native_finish_reason":null}]}""") + ": OPENROUTER PROCESSING\n\n" + Stream("""{"id":"c1","provider":"P","choices":[{"index":0,"delta":{"content":""},"finish_reason":"stop","native_finish_reason":"end_turn"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3,"cost":0.5}}""", "[DONE]"), "Hi Stop 1/2/3/ + provider native_finish_reason usage" },
        { "OpenAI: padding, and the chunk of usage", Of("""{"id":"c1","choices":[{"index":0,"delta":{"content":"H"},"finish_reason":null}],"usage":null,"obfuscation":"x9"}""", """{"id":"c1","choices":[{"index":0,"delta":{"content":"i"},"finish_reason":null}],"usage":null,"obfuscation":"abcdef"}""", Delta("", "stop"), """{"id":"c1","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}"""), "Hi Stop 1/2/3/" },

        // How answers end.
        { "gateways: no [DONE] after the finish reason", Stream(Delta(Text), Delta("", "stop")), "Hi Stop" },
        { "gateways: [DONE] and no finish reason", Of(Delta(Text)), "Hi Other" },
        { "gateways: an empty finish reason, then a real one", Of("""{"id":"c1","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":""}]}""", Delta("", "stop")), "Hi Stop" },
        { "Mistral: the model's own limit", Of(Delta(Text, "model_length")), "Hi Length" },
        { "gateways of Anthropic: the limit in another word", Of(Delta(Text, "max_tokens")), "Hi Length" },
        { "GLM: the filter in another word", Of(Delta(Text, "sensitive")), "Hi ContentFilter" },
        { "gateways: a refusal", Of(Delta(Text, "refusal")), "Hi Refusal" },
        { "gateways: two calls with one index in one list", Of(Delta(""" "tool_calls":[{"index":0,"function":{"name":"f","arguments":"{\"c\":1}"}},{"index":0,"function":{"name":"f","arguments":"{\"c\":2}"}}] """, "stop")), "[call_c1_0 f {\"c\":1}] [call_c1_1 f {\"c\":2}] ToolCalls" },
        { "gateways: a call that is renamed after it was announced", Of(Delta(""" "tool_calls":[{"index":0,"id":"k","function":{"name":"get_"}}] """), Delta(""" "tool_calls":[{"index":0,"id":"k","function":{"name":"weather","arguments":"{}"}}] """, "stop")), "[k get_ {}] ToolCalls + tool_calls.function.name" },
        { "gateways: a reason that is not known", Of(Delta(Text, "novel")), "Hi Other" },
        { "several: finish stop though there are calls", Of(Delta(""" "tool_calls":[{"index":0,"id":"k","function":{"name":"f","arguments":"{}"}}] """, "stop")), "[k f {}] ToolCalls" },
        { "several: a call after the finish reason", Of(Delta("", "tool_calls"), Delta(""" "tool_calls":[{"index":0,"id":"k","function":{"name":"f","arguments":"{}"}}] """)), "[k f {}] ToolCalls" },
        { "OpenAI of old: function_call", Of(Delta(""" "function_call":{"name":"f","arguments":"{"} """), Delta(""" "function_call":{"arguments":"}"} """, "function_call")), "[call_c1_0 f {}] ToolCalls" },
        { "Gemini: a signature on the call", Of(Delta(""" "tool_calls":[{"extra_content":{"google":{"thought_signature":"t"}},"function":{"arguments":"{}","name":"f"},"id":"k","type":"function"}] """, "stop")), "[k f {} and {\"extra_content\":{\"google\":{\"thought_signature\":\"t\"}}}] ToolCalls" },
        { "gateways: a whole message in one chunk", Of("""{"id":"c1","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]}"""), "Hi Stop" },
    };

    [Theory]
    [Trait("Law", "1")]
    [MemberData(nameof(Rows))]
    public async Task Decode_Deviation_FoldsToTheAnswer(string deviation, string wire, string expected)
    {
        var (events, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.OpenAIChat, System.Text.Encoding.UTF8.GetBytes(wire), deviation);

        exception.Should().BeNull(deviation);
        Describe(events).Should().Be(expected, deviation);
        events.OfType<ProviderEvent>().Should().BeEmpty(deviation);
    }

    /// <summary>Server and form of an error in a stream (section 6), the stream, and the error: status, code and whether it may pass.</summary>
    public static TheoryData<string, string, string> Errors => new()
    {
        { "OpenAI: an error as data", Stream(Delta(Text), """{"error":{"message":"x","type":"server_error","param":null,"code":null}}"""), "500 server_error True" },
        { "vLLM: the status as the code, then [DONE]", Stream(Delta(Text), """{"error":{"message":"x","type":"BadRequestError","param":null,"code":400}}""", "[DONE]"), "400 BadRequestError False" },
        { "vLLM of old: an object of errors", Stream(Delta(Text), """{"object":"error","message":"x","type":"BadRequestError","code":400}"""), "400 BadRequestError False" },
        { "OpenRouter: in a chunk with a finish reason", Stream(Delta(Text), """{"id":"c1","choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}],"error":{"code":502,"message":"x","metadata":{"error_type":"provider_unavailable"}}}"""), "502 provider_unavailable True" },
        { "OpenRouter: a code in words", Stream(Delta(Text), """{"id":"c1","choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}],"error":{"code":"server_error","message":"x"}}"""), "500 server_error True" },
        { "OpenRouter: what it says of a further attempt", Stream(Delta(Text), """{"id":"c1","choices":[],"error":{"code":503,"message":"x","availability":{"retryable":false}}}"""), "503  False" },
        { "Groq: an event of its own", Stream(Delta(Text)) + "event: error\ndata: {\"error\":{\"message\":\"x\",\"type\":\"invalid_request_error\",\"code\":\"tool_use_failed\",\"failed_generation\":\"y\"}}\n\n", "400 tool_use_failed False" },
        { "DeepSeek: a reason that is an error", Stream(Delta(Text), Delta("", "insufficient_system_resource")), "503 insufficient_system_resource True" },
        { "GLM: a reason that is an error", Stream(Delta(Text), Delta("", "network_error")), " network_error True" },
        { "SGLang: a reason that is an error", Stream(Delta(Text), Delta("", "abort")), " abort True" },
        { "Mistral: a reason that is an error", Stream(Delta(Text), Delta("", "error")), " error True" },
    };

    [Theory]
    [Trait("Law", "5")]
    [MemberData(nameof(Errors))]
    public async Task Decode_ErrorOfAServer_IsClassified(string form, string wire, string expected)
    {
        var (events, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.OpenAIChat, System.Text.Encoding.UTF8.GetBytes(wire), form);

        var error = exception.Should().BeOfType<ProviderException>(form).Subject;
        $"{(int?)error.StatusCode} {error.Code} {error.IsRetryable}".Should().Be(expected, form);
        events.OfType<TextDelta>().Should().ContainSingle(form);
    }

    [Theory]
    [Trait("Law", "4")]
    [InlineData("")]
    [InlineData("upstream connect error or disconnect\n")]
    public async Task Decode_NeitherReasonNorEnd_IsInterrupted(string rest)
    {
        var (_, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.OpenAIChat, Stream(Delta(Text)) + rest);

        exception.Should().BeOfType<StreamInterruptedException>();
    }

    private static string Of(params string[] payloads) => Stream([.. payloads, "[DONE]"]);

    private static string Stream(params string[] payloads) => OpenAIChatWire.Stream(payloads);

    private static string Delta(string members, string? finishReason = null) => OpenAIChatWire.Delta(members, finishReason);

    private static string Perplexity(string text, int tokens, string? reason) =>
        $$$"""{"id":"c1","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"{{{text}}}"},"finish_reason":{{{(reason is null ? "null" : $"\"{reason}\"")}}}}],"usage":{"prompt_tokens":1,"completion_tokens":{{{tokens}}},"total_tokens":{{{tokens + 1}}}},"citations":["https://x"],"search_results":[{"url":"https://x"}]}""";

    private static string Describe(List<StreamEvent> events)
    {
        var state = WireRun.Fold(events);
        var parts = state.Blocks.Select(block => block switch
        {
            { CallId: { } id } => $"[{id} {block.Name} {block.Text}{(block.Raw is { } raw ? $" and {raw.GetRawText()}" : "")}]",
            { Kind: ContentKind.Reasoning } => $"({block.Text}{(block.Signature is { } signature ? $" signed {signature}" : "")})",
            { Kind: ContentKind.RedactedReasoning } => "(encrypted)",
            _ => block.Text,
        }).ToList();
        var end = events.OfType<ResponseCompleted>().Single();
        parts.Add(end.FinishReason.ToString());
        if (end.Usage is { } usage)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{usage.InputTokens}/{usage.OutputTokens}/{usage.TotalTokens}/{usage.ReasoningTokens}"));
            parts.AddRange(usage.CachedInputTokens is { } cached ? [$"cached {cached}"] : []);
        }

        var beside = events.OfType<ProviderMetadata>().Select(metadata => metadata.Name).ToList();
        parts.AddRange(beside.Count > 0 ? ["+", .. beside] : []);
        return string.Join(' ', parts);
    }
}
