using System.Net;
using Streamline.Tests.Protocols.Cohere;
using Streamline.Tests.Protocols.GeminiInteractions;

namespace Streamline.Tests.Protocols.Matrix;

/// <summary>The rows about what comes in an answer, and goes back with it.</summary>
internal static class AnswerFeatures
{
    private const string Tick = "✓";
    // A signature, an id or a picture, which must come back letter by letter.
    private const string Mark = "c2lnLTc";

    public static IReadOnlyList<ProviderFeature> All { get; } =
    [
        new AnswerFeature("text", answer => answer.Of<TextDelta>().Any(delta => delta.Text == "Hi") ? Tick : null, new()
        {
            ["anthropic"] = [("", Block("""{"type":"text","text":""}""", """{"type":"text_delta","text":"Hi"}"""))],
            ["openai"] = [("", [Delta("""{"content":"Hi"}""")])],
            ["openai-responses"] = [("", [Added("""{"id":"i","type":"message","role":"assistant","content":[]}"""), Event("output_text.delta", "\"delta\":\"Hi\""), Done("""{"id":"i","type":"message","role":"assistant","content":[{"type":"output_text","text":"Hi","annotations":[]}]}""")])],
            ["gemini"] = [("", [Part("""{"text":"Hi"}""")])],
            ["gemini-interactions"] = [("", Step("""{"type":"model_output"}""", """{"type":"text","text":"Hi"}"""))],
            ["ollama"] = [("", [Line("""{"role":"assistant","content":"Hi"}""")])],
            ["cohere"] = [("", [CohereWire.TextStart, CohereWire.Words("Hi"), CohereWire.ContentEnd])],
            ["bedrock"] = [("", Deltas("""{"text":"Hi"}"""))],
        }),
        new AnswerFeature("reasoning in clear", answer => answer.Of<ReasoningDelta>().Any(delta => delta.Text == "Hm") ? Tick : null, new()
        {
            ["anthropic"] = [("", Block("""{"type":"thinking","thinking":"","signature":""}""", """{"type":"thinking_delta","thinking":"Hm"}"""))],
            ["openai"] =
            [
                ("`reasoning_content`", [Delta("""{"reasoning_content":"Hm"}""")]), ("`reasoning`", [Delta("""{"reasoning":"Hm"}""")]),
                ("`reasoning_details`", [Delta("""{"reasoning_details":[{"type":"reasoning.text","text":"Hm"}]}""")]),
                ("`thinking`", [Delta("""{"content":[{"type":"thinking","thinking":[{"type":"text","text":"Hm"}]}]}""")]),
            ],
            ["openai-responses"] =
            [
                ("text", [Added("""{"id":"i","type":"reasoning","summary":[]}"""), Event("reasoning_text.delta", "\"delta\":\"Hm\""), Done("""{"id":"i","type":"reasoning","summary":[],"content":[{"type":"reasoning_text","text":"Hm"}]}""")]),
                ("summary", [Added("""{"id":"i","type":"reasoning","summary":[]}"""), Event("reasoning_summary_text.delta", "\"delta\":\"Hm\""), Done("""{"id":"i","type":"reasoning","summary":[{"type":"summary_text","text":"Hm"}]}""")]),
            ],
            ["gemini"] = [("", [Part("""{"text":"Hm","thought":true}""")])],
            ["gemini-interactions"] = [("", Step("""{"type":"thought"}""", """{"type":"thought_summary","content":{"type":"text","text":"Hm"}}"""))],
            ["ollama"] = [("", [Line("""{"role":"assistant","content":"","thinking":"Hm"}""")])],
            ["cohere"] = [("thinking", [CohereWire.ThinkingStart, CohereWire.Thinking("Hm"), CohereWire.ContentEnd]), ("tool plan", [CohereWire.Plan("Hm")])],
            ["bedrock"] = [("", Deltas("""{"reasoningContent":{"text":"Hm"}}"""))],
        }),
        new AnswerFeature("signatures, encrypted reasoning", answer => answer.Next.Contains(Mark, StringComparison.Ordinal) ? Tick : null, new()
        {
            ["anthropic"] =
            [
                ("signatures", Block("""{"type":"thinking","thinking":"Hm","signature":""}""", """{"type":"signature_delta","signature":"c2lnLTc"}""")),
                ("redacted", Block("""{"type":"redacted_thinking","data":"c2lnLTc"}""")),
            ],
            ["openai"] =
            [
                ("`reasoning_details`", [Delta("""{"reasoning_details":[{"type":"reasoning.text","text":"Hm","signature":"c2lnLTc"}]}"""), Delta("""{"content":"Hi"}""")]),
                ("`extra_content`", [Delta("""{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"weather","arguments":"{}"},"extra_content":{"google":{"thought_signature":"c2lnLTc"}}}]}""")]),
            ],
            ["openai-responses"] = [("", [Done("""{"id":"i","type":"reasoning","summary":[],"encrypted_content":"c2lnLTc"}"""), Done("""{"id":"j","type":"message","role":"assistant","content":[{"type":"output_text","text":"Hi","annotations":[]}]}""", 1)])],
            ["gemini"] = [("of a text", [Part("""{"text":"Hi","thoughtSignature":"c2lnLTc"}""")]), ("of a call", [Part("""{"functionCall":{"name":"weather","args":{}},"thoughtSignature":"c2lnLTc"}""")])],
            ["gemini-interactions"] = [("of a thought", Step("""{"type":"thought"}""", """{"type":"thought_signature","signature":"c2lnLTc"}""")), ("of a call", Step("""{"type":"function_call","id":"a","name":"weather","arguments":{},"signature":"c2lnLTc"}"""))],
            ["bedrock"] = [("signatures", Deltas("""{"reasoningContent":{"text":"Hm"}}""", """{"reasoningContent":{"signature":"c2lnLTc"}}""")), ("redacted", Deltas("""{"reasoningContent":{"redactedContent":"c2lnLTc"}}"""))],
        }),
        new AnswerFeature("refusals", Refusal, new()
        {
            ["anthropic"] = [("", ["""{"type":"message_delta","delta":{"stop_reason":"refusal"}}"""])],
            ["openai"] = [("", [Delta("""{"refusal":"No."}""")])],
            ["openai-responses"] = [("", [Added("""{"id":"i","type":"message","role":"assistant","content":[]}"""), Event("refusal.delta", "\"delta\":\"No.\""), Done("""{"id":"i","type":"message","role":"assistant","content":[{"type":"refusal","refusal":"No."}]}""")])],
            ["gemini"] = [("", ["""{"candidates":[{"finishReason":"SAFETY"}]}"""])],
            ["cohere"] = [("", [CohereWire.End("\"finish_reason\":\"ERROR_TOXIC\"")])],
            ["bedrock"] = [("", ["""messageStop {"stopReason":"guardrail_intervened"}"""])],
        }),
        new AnswerFeature("citations", Citations, CitationSamples),
        new AnswerFeature(
            "citations go back",
            answer => answer.Next.Contains("https://c.org/7", StringComparison.Ordinal) ? Tick : null,
            CitationSamples.ToDictionary(of => of.Key, of => new[] { ("", of.Value[0].Payloads) }, StringComparer.Ordinal)),
        new AnswerFeature("tools that the provider runs", answer => answer.Of<ToolCallCompleted>().Any(call => call.IsProviderExecuted) && answer.Next.Contains(Mark, StringComparison.Ordinal) ? Tick : answer.Raw(Mark), new()
        {
            ["anthropic"] =
            [
                ("calls", Block("""{"type":"server_tool_use","id":"c2lnLTc","name":"web_search","input":{}}""", """{"type":"input_json_delta","partial_json":"{\"query\":\"x\"}"}""")),
                ("results", Block("""{"type":"web_search_tool_result","tool_use_id":"c2lnLTc","content":[]}""")),
            ],
            ["openai-responses"] =
            [
                ("calls", [Added("""{"id":"c2lnLTc","type":"mcp_call","server_label":"s","name":"n","arguments":""}"""), Event("mcp_call_arguments.delta", "\"delta\":\"{}\""), Done("""{"id":"c2lnLTc","type":"mcp_call","server_label":"s","name":"n","arguments":"{}","output":"o"}""")]),
                ("others", [Done("""{"id":"c2lnLTc","type":"computer_call","call_id":"c","action":{"type":"wait"}}""")]),
            ],
            ["gemini"] = [("", [Part("""{"executableCode":{"language":"PYTHON","code":"c2lnLTc"}}""")])],
            ["gemini-interactions"] =
            [
                ("calls", Step("""{"type":"google_search_call","id":"c2lnLTc","arguments":{"queries":["x"]}}""")),
                ("results", Step("""{"type":"google_search_result","call_id":"c2lnLTc","result":[]}""")),
            ],
            ["bedrock"] =
            [
                ("calls", [.. Start("""{"toolUse":{"toolUseId":"c2lnLTc","name":"g","type":"server_tool_use"}}"""), .. Deltas("""{"toolUse":{"input":"{}"}}""")]),
                ("results", [.. Start("""{"toolResult":{"toolUseId":"c2lnLTc","status":"success"}}"""), .. Deltas("""{"toolResult":[{"text":"r"}]}""")]),
            ],
        }),
        new AnswerFeature("parallel calls, results in order", ParallelCalls, new()
        {
            ["anthropic"] = [("", [.. Block("""{"type":"tool_use","id":"a","name":"weather","input":{}}""", """{"type":"input_json_delta","partial_json":"{\"x\":1}"}"""), .. Block("""{"type":"tool_use","id":"b","name":"weather","input":{}}""", """{"type":"input_json_delta","partial_json":"{\"x\":2}"}""")])],
            ["openai"] = [("", [Delta("""{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"weather","arguments":"{\"x\":1}"}},{"index":1,"id":"b","type":"function","function":{"name":"weather","arguments":"{\"x\":2}"}}]}""")])],
            ["openai-responses"] = [("", [Done("""{"id":"i","type":"function_call","call_id":"a","name":"weather","arguments":"{\"x\":1}"}"""), Done("""{"id":"j","type":"function_call","call_id":"b","name":"weather","arguments":"{\"x\":2}"}""", 1)])],
            ["gemini"] = [("", [Part("""{"functionCall":{"id":"a","name":"weather","args":{"x":1}}},{"functionCall":{"id":"b","name":"weather","args":{"x":2}}}""")])],
            ["gemini-interactions"] = [("", [.. Step("""{"type":"function_call","id":"a","name":"weather","arguments":{"x":1}}"""), .. Step("""{"type":"function_call","id":"b","name":"weather","arguments":{"x":2}}""")])],
            ["ollama"] = [("", [Line("""{"role":"assistant","content":"","tool_calls":[{"id":"a","function":{"index":0,"name":"weather","arguments":{"x":1}}},{"id":"b","function":{"index":1,"name":"weather","arguments":{"x":2}}}]}""")])],
            ["cohere"] = [("", [CohereWire.CallStart(0, "a", "weather", """{\"x\":1}"""), CohereWire.CallEnd, CohereWire.CallStart(1, "b", "weather", """{\"x\":2}"""), """{"type":"tool-call-end","index":1}"""])],
            ["bedrock"] = [("", [.. Start("""{"toolUse":{"toolUseId":"a","name":"weather"}}"""), .. Deltas("""{"toolUse":{"input":"{\"x\":1}"}}"""), .. Again(Start("""{"toolUse":{"toolUseId":"b","name":"weather"}}""")), .. Again(Deltas("""{"toolUse":{"input":"{\"x\":2}"}}"""))])],
        }),
        new AnswerFeature("arguments while they arrive", GrowingArguments, new()
        {
            ["anthropic"] = [("", Block("""{"type":"tool_use","id":"a","name":"weather","input":{}}""", """{"type":"input_json_delta","partial_json":"{\"city\":\"Pa"}""", """{"type":"input_json_delta","partial_json":"ris\"}"}"""))],
            ["openai"] = [("", [Delta("""{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Pa"}}]}"""), Delta("""{"tool_calls":[{"index":0,"function":{"arguments":"ris\"}"}}]}""")])],
            ["openai-responses"] = [("", [Added("""{"id":"i","type":"function_call","call_id":"a","name":"weather","arguments":""}"""), Event("function_call_arguments.delta", "\"delta\":\"{\\\"city\\\":\\\"Pa\""), Event("function_call_arguments.delta", "\"delta\":\"ris\\\"}\""), Done("""{"id":"i","type":"function_call","call_id":"a","name":"weather","arguments":"{\"city\":\"Paris\"}"}""")])],
            ["gemini"] =
            [
                ("Vertex AI", [Part("""{"functionCall":{"name":"weather","willContinue":true}}"""), Part("""{"functionCall":{"partialArgs":[{"jsonPath":"$.city","stringValue":"Pa","willContinue":true}],"willContinue":true}}"""), Part("""{"functionCall":{"partialArgs":[{"jsonPath":"$.city","stringValue":"ris"}],"willContinue":true}},{"functionCall":{}}""")]),
                ("Gemini API: whole", [Part("""{"functionCall":{"name":"weather","args":{"city":"Paris"}}}""")]),
            ],
            ["gemini-interactions"] = [("", Step("""{"type":"function_call","id":"a","name":"weather","arguments":{}}""", """{"type":"arguments_delta","arguments":"{\"city\":\"Pa"}""", """{"type":"arguments_delta","arguments":"ris\"}"}"""))],
            ["ollama"] = [("whole", [Line("""{"role":"assistant","content":"","tool_calls":[{"function":{"name":"weather","arguments":{"city":"Paris"}}}]}""")])],
            ["cohere"] = [("", [CohereWire.CallStart(0, "a", "weather"), CohereWire.Input("""{\"city\":\"Pa"""), CohereWire.Input("""ris\"}"""), CohereWire.CallEnd])],
            ["bedrock"] = [("", [.. Start("""{"toolUse":{"toolUseId":"a","name":"weather"}}"""), .. Deltas("""{"toolUse":{"input":"{\"city\":\"Pa"}}""", """{"toolUse":{"input":"ris\"}"}}""")])],
        }),
        new AnswerFeature("free-form tools", answer => answer.Of<ToolCallCompleted>().Any(call => call.Arguments?.GetProperty("input").GetString() == "SELECT 7") && answer.Next.Contains("\"input\":\"SELECT 7\"", StringComparison.Ordinal) && answer.Next.Contains("\"custom", StringComparison.Ordinal) ? Tick : null, new()
        {
            ["openai"] = [("", [Delta("""{"tool_calls":[{"index":0,"id":"a","type":"custom","custom":{"name":"sql","input":"SELECT 7"}}]}""")])],
            ["openai-responses"] = [("", [Done("""{"id":"i","type":"custom_tool_call","call_id":"a","name":"sql","input":"SELECT 7"}""")])],
        }),
        new AnswerFeature("images and audio out", answer => answer.Raw(Mark) ?? answer.Metadata(Mark), new()
        {
            ["openai"] = [("images", [Delta("""{"images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,c2lnLTc"}}]}""")]), ("audio", [Delta("""{"audio":{"id":"a","data":"c2lnLTc"}}""")])],
            ["openai-responses"] = [("images", [Done("""{"id":"i","type":"image_generation_call","status":"completed","result":"c2lnLTc"}""")]), ("audio", ["""{"type":"response.audio.delta","delta":"c2lnLTc"}"""])],
            ["gemini"] = [("images", [Part("""{"inlineData":{"mimeType":"image/png","data":"c2lnLTc"}}""")]), ("audio", [Part("""{"inlineData":{"mimeType":"audio/wav","data":"c2lnLTc"}}""")])],
            ["gemini-interactions"] =
            [
                ("images", Step("""{"type":"model_output"}""", """{"type":"image","mime_type":"image/png","data":"c2lnLTc"}""")),
                ("audio", Step("""{"type":"model_output"}""", """{"type":"audio","mime_type":"audio/wav","data":"c2lnLTc"}""")),
            ],
            ["ollama"] = [("images", [Line("""{"role":"assistant","content":"","images":["c2lnLTc"]}""")])],
            ["bedrock"] = [("images", [.. Start("""{"image":{"format":"png"}}"""), .. Deltas("""{"image":{"source":{"bytes":"c2lnLTc"}}}""")])],
        }),
        new AnswerFeature("several answers", answer => answer.Of<ContentStarted>().Any(started => started.Choice == 1) && answer.Of<TextDelta>().Any(delta => delta.Text == "Other") ? Tick : null, new()
        {
            ["openai"] = [("", ["""{"id":"c","choices":[{"index":0,"delta":{"content":"One"}},{"index":1,"delta":{"content":"Other"}}]}""", """{"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"},{"index":1,"delta":{},"finish_reason":"stop"}]}"""])],
            ["gemini"] = [("", ["""{"candidates":[{"index":0,"content":{"parts":[{"text":"One"}]},"finishReason":"STOP"},{"index":1,"content":{"parts":[{"text":"Other"}]},"finishReason":"STOP"}]}"""])],
        }),
        Counts("usage: cache read", usage => usage.CachedInputTokens),
        Counts("usage: cache written", usage => usage.CacheWriteTokens),
        Counts("usage: reasoning", usage => usage.ReasoningTokens),
        Counts("usage: further counts", usage => usage.AdditionalCounts?.Values.Contains(7) == true ? 7 : null),
        new AnswerFeature("log probabilities", answer => answer.Metadata("-7.25"), new()
        {
            ["openai"] = [("", ["""{"id":"c","choices":[{"index":0,"delta":{"content":"Hi"},"logprobs":{"content":[{"token":"Hi","logprob":-7.25}]}}]}"""])],
            ["openai-responses"] = [("", [Added("""{"id":"i","type":"message","role":"assistant","content":[]}"""), Event("output_text.delta", "\"delta\":\"Hi\",\"logprobs\":[{\"token\":\"Hi\",\"logprob\":-7.25}]"), Done("""{"id":"i","type":"message","role":"assistant","content":[{"type":"output_text","text":"Hi","annotations":[]}]}""")])],
            ["gemini"] = [("", ["""{"candidates":[{"content":{"parts":[{"text":"Hi"}]},"logprobsResult":{"chosenCandidates":[{"token":"Hi","logProbability":-7.25}]}}]}"""])],
            ["ollama"] = [("", ["""{"model":"q","message":{"role":"assistant","content":"Hi"},"done":false,"logprobs":[{"token":"Hi","logprob":-7.25}]}"""])],
            ["cohere"] = [("", [CohereWire.TextStart, CohereWire.Words("Hi").Replace("\"index\"", "\"logprobs\":{\"logprobs\":[-7.25]},\"index\"", StringComparison.Ordinal), CohereWire.ContentEnd])],
        }),
        new AnswerFeature("errors inside the stream", answer => answer.Exception is ProviderException { IsInBand: true, IsRetryable: true, StatusCode: HttpStatusCode.ServiceUnavailable or (HttpStatusCode)529 } ? Tick : null, new()
        {
            ["anthropic"] = [("", ["""{"type":"error","error":{"type":"overloaded_error","message":"busy"}}"""])],
            ["openai"] = [("", ["""{"error":{"code":"provider_overloaded","message":"busy"}}"""])],
            ["openai-responses"] = [("", ["""{"type":"error","error":{"code":"provider_overloaded","message":"busy"}}"""])],
            ["gemini"] = [("", ["""{"error":{"code":503,"status":"UNAVAILABLE","message":"busy"}}"""])],
            ["gemini-interactions"] = [("", ["""{"error":{"code":"service_unavailable","message":"busy"},"event_type":"error"}"""])],
            ["ollama"] = [("by their text", ["""{"error":"server busy, please try again.  maximum pending requests exceeded"}"""])],
            ["cohere"] = [("", [CohereWire.End("\"finish_reason\":\"ERROR\",\"error\":\"busy\",\"error_type\":\"overloaded\"")])],
            ["bedrock"] = [("", ["""serviceUnavailableException {"message":"busy"}"""])],
        }),
    ];

    private static Dictionary<string, (string Form, string[] Payloads)[]> CitationSamples => new()
    {
        ["anthropic"] = [("", Block("""{"type":"text","text":"Hi"}""", """{"type":"citations_delta","citation":{"type":"web_search_result_location","cited_text":"t","url":"https://c.org/7","title":"T","encrypted_index":"e"}}"""))],
        ["openai"] =
        [
            ("`annotations`", [Delta("""{"content":"Hi","annotations":[{"type":"url_citation","url_citation":{"url":"https://c.org/7","title":"T"}}]}""")]),
            ("other lists", [Delta("""{"content":"Hi"}"""), """{"id":"c","choices":[],"citations":["https://c.org/7"]}"""]),
        ],
        ["openai-responses"] = [("", [Done("""{"id":"i","type":"message","role":"assistant","content":[{"type":"output_text","text":"Hi","annotations":[{"type":"url_citation","url":"https://c.org/7","title":"T","start_index":0,"end_index":2}]}]}""")])],
        ["gemini"] =
        [
            ("", ["""{"candidates":[{"content":{"parts":[{"text":"Hi"}]},"citationMetadata":{"citationSources":[{"uri":"https://c.org/7"}]}}]}"""]),
            ("grounding", ["""{"candidates":[{"content":{"parts":[{"text":"Hi"}]},"groundingMetadata":{"groundingChunks":[{"web":{"uri":"https://c.org/7"}}]}}]}"""]),
        ],
        ["cohere"] =
        [
            ("", [CohereWire.TextStart, CohereWire.Words("Hi"), CohereWire.Citation("""{"start":0,"end":2,"text":"Hi","sources":[{"type":"document","id":"d","document":{"url":"https://c.org/7"}}]}"""), CohereWire.ContentEnd]),
            ("of a plan", [CohereWire.Plan("Hi"), CohereWire.Citation("""{"start":0,"end":2,"text":"Hi","type":"PLAN","sources":[{"type":"document","id":"d","document":{"url":"https://c.org/7"}}]}""")]),
        ],
        ["gemini-interactions"] = [("", Step("""{"type":"model_output"}""", """{"type":"text","text":"Hi"}""", """{"type":"text_annotation_delta","annotations":[{"type":"url_citation","url":"https://c.org/7","title":"T","start_index":0,"end_index":2}]}"""))],
        ["bedrock"] = [("", Deltas("""{"text":"Hi"}""", """{"citation":{"title":"T","location":{"web":{"url":"https://c.org/7"}}}}"""))],
    };

    private static AnswerFeature Counts(string name, Func<TokenUsage, long?> count) => new(name, answer => answer.Of<ResponseCompleted>().Any(completed => completed.Usage is { } usage && count(usage) == 7) ? Tick : null, new()
    {
        ["anthropic"] = [("", ["""{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":9,"cache_read_input_tokens":7,"cache_creation_input_tokens":7,"output_tokens_details":{"thinking_tokens":7},"server_tool_use":{"web_search_requests":7}}}"""])],
        ["openai"] = [("", ["""{"id":"c","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":9,"total_tokens":18,"prompt_tokens_details":{"cached_tokens":7,"cache_write_tokens":7,"audio_tokens":7},"completion_tokens_details":{"reasoning_tokens":7}}}"""])],
        ["openai-responses"] = [("", ["""{"type":"response.incomplete","response":{"id":"r","status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"usage":{"input_tokens":9,"input_tokens_details":{"cached_tokens":7,"cache_write_tokens":7,"novel_tokens":7},"output_tokens":9,"output_tokens_details":{"reasoning_tokens":7},"total_tokens":18}}}"""])],
        ["gemini"] = [("", ["""{"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":2,"thoughtsTokenCount":7,"cachedContentTokenCount":7,"toolUsePromptTokenCount":7,"totalTokenCount":18}}"""])],
        ["gemini-interactions"] = [("", ["""{"interaction":{"id":"v1_a","status":"completed","usage":{"total_tokens":18,"total_input_tokens":9,"total_cached_tokens":7,"total_output_tokens":2,"total_thought_tokens":7,"total_tool_use_tokens":7}},"event_type":"interaction.completed"}"""])],
        ["ollama"] = [("", ["""{"model":"q","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","prompt_eval_count":9,"eval_count":9,"total_duration":7}"""])],
        ["cohere"] = [("", [CohereWire.End(""" "finish_reason":"COMPLETE","usage":{"billed_units":{"search_units":7},"tokens":{"input_tokens":9,"output_tokens":9,"reasoning_tokens":7},"cached_tokens":7} """)])],
        ["bedrock"] = [("", ["""metadata {"usage":{"inputTokens":9,"outputTokens":9,"totalTokens":32,"cacheReadInputTokens":7,"cacheWriteInputTokens":7,"cacheDetails":[{"ttl":"5m","inputTokens":7}]}}"""])],
    });

    private static string? Refusal(HeardAnswer answer) =>
        answer.Of<RefusalDelta>().Any(delta => delta.Text == "No.") ? Tick
        : answer.Of<ResponseCompleted>().Any(completed => completed.FinishReason is FinishReason.Refusal or FinishReason.ContentFilter) ? "finish reason"
        : null;

    private static string? Citations(HeardAnswer answer) => answer.Of<CitationAdded>().Any() ? Tick : answer.Metadata("https://c.org/7");

    private static string? ParallelCalls(HeardAnswer answer)
    {
        var calls = answer.Of<ToolCallCompleted>().Select(call => (call.CallId, X: call.Arguments?.GetProperty("x").GetInt32()));
        var (a, b) = (answer.Next.IndexOf("result-of-a", StringComparison.Ordinal), answer.Next.IndexOf("result-of-b", StringComparison.Ordinal));
        return calls.SequenceEqual([("a", 1), ("b", 2)]) && a > 0 && b > a ? Tick : null;
    }

    private static string? GrowingArguments(HeardAnswer answer) =>
        answer.Of<ToolCallCompleted>().SingleOrDefault()?.Arguments?.GetProperty("city").GetString() == "Paris"
            && answer.Of<ToolInputDelta>().Any(delta => delta.Input.IsComplete == false && delta.Input["city"].GetString() == "Pa")
            ? Tick
            : null;

    private static string[] Block(string block, params string[] deltas)
    {
        var index = block.Contains("\"id\":\"b\"", StringComparison.Ordinal) ? 1 : 0;
        return
        [
            $$"""{"type":"content_block_start","index":{{index}},"content_block":{{block}}}""",
            .. deltas.Select(delta => $$"""{"type":"content_block_delta","index":{{index}},"delta":{{delta}}}"""),
            $$"""{"type":"content_block_stop","index":{{index}}}""",
        ];
    }

    private static string Delta(string delta) => $$"""{"id":"c","choices":[{"index":0,"delta":{{delta}}}]}""";

    private static string Added(string item) => $$"""{"type":"response.output_item.added","output_index":0,"item":{{item}}}""";

    private static string Done(string item, int index = 0) => $$"""{"type":"response.output_item.done","output_index":{{index}},"item":{{item}}}""";

    private static string Event(string type, string members) => $$"""{"type":"response.{{type}}","output_index":0,"content_index":0,"summary_index":0,{{members}}}""";

    private static string Part(string parts) => $$$"""{"candidates":[{"content":{"role":"model","parts":[{{{parts}}}]}}]}""";

    private static string[] Step(string step, params string[] deltas) => InteractionsEvents.Step(step.Contains("\"id\":\"b\"", StringComparison.Ordinal) ? 1 : 0, step, deltas);

    private static string Line(string message) => $$"""{"model":"q","message":{{message}},"done":false}""";

    private static string[] Start(string start) => [$$"""contentBlockStart {"contentBlockIndex":0,"start":{{start}}}"""];

    private static string[] Deltas(params string[] deltas) =>
        [.. deltas.Select(delta => $$"""contentBlockDelta {"contentBlockIndex":0,"delta":{{delta}}}"""), """contentBlockStop {"contentBlockIndex":0}"""];

    private static IEnumerable<string> Again(string[] payloads) => payloads.Select(payload => payload.Replace("\"contentBlockIndex\":0", "\"contentBlockIndex\":1", StringComparison.Ordinal));
}
