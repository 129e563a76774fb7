using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Streamline.Protocols;
using Streamline.Protocols.OpenAIChat;
using Streamline.Protocols.OpenAIResponses;
using Streamline.Protocols.Shared;

namespace Streamline.Tests.Protocols.OpenAIResponses;

/// <summary>Generates the events of whole responses in the form and order in which this wire's decoder gives them.</summary>
internal static class OpenAIResponsesEventGenerator
{
    private static readonly string[] Texts =
        ["a", " word", "\n", "\"quoted\" \\ back", "\u0001\u001f\u007f", "漢字", "😀", "e\u0301", "\u2028", "{\"x\":1}", "data: x\n\nevent: y", "\uFEFF", "}}", "\0", "[DONE]"];

    private static readonly string[] Arguments =
        ["", "{}", "{\"a\":1}", "{\"path\":\"C:\\\\x\\n😀\",\"n\":[1,{\"b\":null}]}", "{\"a\":", "[1]", "not json", "{\"a\":1}}", " {\"a\" : 1.50 } "];

    private static readonly string[] Words = ["completed", "max_output_tokens", "content_filter", "never_seen"];

    private static readonly string[] WholeItems =
    [
        """{"id":"x","type":"computer_call","call_id":"c","action":{"type":"click","x":1.0},"status":"completed"}""",
        """{"id":"x","type":"shell_call_output","call_id":"c","output":[{"stdout":"é\n"}]}""",
        """{"id":"x","type":"mcp_list_tools","server_label":"s","tools":[{"name":"t"}]}""",
        """{"id":"x","type":"compaction","encrypted_content":"E"}""",
        """{"id":"x","type":"never_seen","deep":{"a":[{}]}}""",
        """{"type":"no_id"}""",
    ];

    public static Gen<List<StreamEvent>> Response =>
        from count in Gen.Choose(0, 6)
        from seeds in Gen.Choose(0, int.MaxValue).ListOf(count)
        from word in Gen.Elements(Words)
        from hasUsage in Gen.Elements(true, false)
        from hasTier in Gen.Elements(true, false)
        select Assemble([.. seeds], word, hasUsage, hasTier);

    private static List<StreamEvent> Assemble(List<int> seeds, string word, bool hasUsage, bool hasTier)
    {
        List<StreamEvent> events = [new ResponseStarted { Provider = "openai-responses", ResponseId = "resp_1", Model = "gpt" }];
        var index = 0;
        foreach (var seed in seeds)
        {
            var random = new Random(seed);
            events.AddRange(random.Next(7) switch
            {
                0 or 1 => Message(ref index, random),
                2 => Reasoning(ref index, random),
                3 => Call(ref index, random),
                4 => ProviderCall(ref index, random),
                5 => Whole(ref index, random),
                _ => Stray(random),
            });
        }

        if (hasTier)
        {
            events.Add(new ProviderMetadata { Name = "service_tier", Value = JsonElement.Parse("\"flex\"") });
        }

        var usage = hasUsage ? new TokenUsage { InputTokens = 3, OutputTokens = 4, TotalTokens = 9, CachedInputTokens = 1, AdditionalCounts = new Dictionary<string, long> { ["output_tokens_details.audio_tokens"] = 2, ["sources"] = 5 } } : null;
        if (usage is not null)
        {
            events.Add(new UsageUpdated { Usage = usage });
        }

        var isAwaiting = events.Exists(e => e is ToolCallCompleted { IsProviderExecuted: false } || (e is ContentCompleted { Raw: { } raw } && raw.GetRawText().Contains("computer_call", StringComparison.Ordinal)));
        var hasRefusal = events.Exists(e => e is ContentStarted { Kind: ContentKind.Refusal });
        events.Add(new ResponseCompleted { FinishReason = OpenAIResponsesFinishReasons.Read(word, isAwaiting, hasRefusal), RawFinishReason = word, Usage = usage });
        return events;
    }

    private static List<StreamEvent> Message(ref int index, Random random)
    {
        var id = random.Next(5) == 0 ? "" : $"\"id\":\"msg_{index}\",";
        var phase = random.Next(2) == 0 ? "" : ",\"phase\":\"commentary\"";
        var begun = $$"""{{{id}}"type":"message","role":"assistant"{{phase}}}""";
        var status = random.Next(4) == 0 ? "incomplete" : "completed";
        var parts = id.Length == 0 ? 1 : 1 + random.Next(3);
        List<StreamEvent> events = [];
        for (var part = 1; part <= parts; part++)
        {
            var kind = random.Next(4) == 0 ? ContentKind.Refusal : ContentKind.Text;
            events.Add(new ContentStarted { Index = index, Kind = kind, ProviderData = JsonElement.Parse(begun) });
            for (var i = random.Next(4); i > 0; i--)
            {
                var text = Texts[random.Next(Texts.Length)];
                events.Add(kind == ContentKind.Text ? new TextDelta { Index = index, Text = text } : new RefusalDelta { Index = index, Text = text });
                if (kind == ContentKind.Text && random.Next(4) == 0)
                {
                    events.Add(new ProviderMetadata { Name = "logprobs", Value = JsonElement.Parse("""[{"token":"x"}]"""), Index = index });
                    events.Add(new CitationAdded { Index = index, Citation = JsonElement.Parse("""{"type":"url_citation","url":"é"}""") });
                }
            }

            var raw = part < parts ? begun : begun[..^1] + $",\"status\":\"{status}\"}}";
            events.Add(new ContentCompleted { Index = index++, Kind = kind, Raw = JsonElement.Parse(raw) });
        }

        return events;
    }

    private static List<StreamEvent> Reasoning(ref int index, Random random)
    {
        var isContent = random.Next(2) == 0;
        var begun = $$"""{"id":"rs_{{index}}","type":"reasoning"{{(isContent ? ",\"content\":[]" : "")}}}""";
        var parts = 1 + random.Next(3);
        List<StreamEvent> events = [];
        for (var part = 1; part <= parts; part++)
        {
            events.Add(new ContentStarted { Index = index, Kind = ContentKind.Reasoning, ProviderData = JsonElement.Parse(begun) });
            for (var i = random.Next(3) + (parts > 1 ? 1 : 0); i > 0; i--)
            {
                events.Add(new ReasoningDelta { Index = index, Text = Texts[random.Next(Texts.Length)] });
            }

            var signature = part == parts && random.Next(2) == 0 ? "c2ln+/=é\"" : null;
            events.Add(new ContentCompleted { Index = index++, Kind = ContentKind.Reasoning, Signature = signature, Raw = JsonElement.Parse(begun) });
        }

        return events;
    }

    // The events of a call come from the same assembler that a decoder uses: what it makes of a text has tests of its own.
    private static List<StreamEvent> Call(ref int index, Random random)
    {
        var type = random.Next(4) == 0 ? "custom_tool_call" : "function_call";
        var started = new ToolCallStarted
        {
            Index = index,
            CallId = $"call_{index}",
            Name = "tool",
            ProviderData = JsonElement.Parse($$"""{"id":"fc_{{index}}","type":"{{type}}","call_id":"call_{{index}}","name":"tool","namespace":"n"}"""),
        };
        index++;
        return Input(started, random);
    }

    private static List<StreamEvent> ProviderCall(ref int index, Random random)
    {
        var isMcp = random.Next(2) == 0;
        var type = isMcp ? "mcp_call" : "code_interpreter_call";
        var begun = JsonElement.Parse($$"""{"id":"i_{{index}}","type":"{{type}}",{{(isMcp ? "\"name\":\"ask\"," : "")}}"status":"in_progress"}""");
        var started = new ToolCallStarted { Index = index, CallId = $"i_{index}", Name = isMcp ? "ask" : "code_interpreter", IsProviderExecuted = true, ProviderData = begun };
        var whole = JsonElement.Parse($$"""{"id":"i_{{index}}","type":"{{type}}","status":"completed","output":"é"}""");
        var aside = new ProviderMetadata { Name = $"response.{type}.completed", Value = JsonElement.Parse("{}"), Index = index };
        List<StreamEvent> events =
        [
            .. Input(started, random),
            .. random.Next(2) == 0 ? [aside] : Array.Empty<StreamEvent>(),
            new ContentStarted { Index = index + 1, Kind = ContentKind.ServerToolResult },
            new ContentCompleted { Index = index + 1, Kind = ContentKind.ServerToolResult, Raw = whole },
        ];
        index += 2;
        return events;
    }

    private static List<StreamEvent> Input(ToolCallStarted started, Random random)
    {
        var text = Arguments[random.Next(Arguments.Length)];
        var cut = random.Next(text.Length + 1);
        cut = cut < text.Length && char.IsLowSurrogate(text[cut]) ? cut + 1 : cut;
        var assembler = new ToolCallAssembler(started, new StreamReadOptions(), FreeFormInput.IsOfFreeForm(started.ProviderData));
        List<StreamEvent> events = [started];
        events.AddRange(new[] { text[..cut], text[cut..] }.Where(piece => piece.Length > 0).Select(assembler.Append));
        events.Add(assembler.Complete(isVerbatim: true));
        return events;
    }

    private static List<StreamEvent> Whole(ref int index, Random random)
    {
        var item = JsonElement.Parse(WholeItems[random.Next(WholeItems.Length)]);
        var kind = item.GetProperty("type").GetString()!.EndsWith("_output", StringComparison.Ordinal) ? ContentKind.ServerToolResult : ContentKind.Other;
        List<StreamEvent> events =
        [
            new ContentStarted { Index = index, Kind = kind, ProviderData = item },
            new ProviderMetadata { Name = "response.shell_call_command.delta", Value = JsonElement.Parse("""{"command_index":0,"delta":"ls"}"""), Index = index },
            new ContentCompleted { Index = index, Kind = kind, Raw = item },
        ];
        index++;
        return events;
    }

    private static List<StreamEvent> Stray(Random random) => random.Next(3) switch
    {
        0 => [KeepAlive.Instance],
        1 => [new ProviderMetadata { Name = "response.audio.delta", Value = JsonElement.Parse("""{"delta":"QQ=="}""") }],
        _ => [new ProviderEvent { Name = "from_the_future", Data = """{"type":"from_the_future","x":"é"}""" }],
    };
}
