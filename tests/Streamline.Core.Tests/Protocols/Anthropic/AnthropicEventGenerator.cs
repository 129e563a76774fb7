using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Streamline.Protocols;
using Streamline.Protocols.Anthropic;
using Streamline.Protocols.Shared;

namespace Streamline.Tests.Protocols.Anthropic;

/// <summary>Generates the events of whole responses in the form and order in which this wire's decoder gives them.</summary>
internal static class AnthropicEventGenerator
{
    private static readonly string[] Texts =
        ["a", " word", "\n", "\"quoted\" \\ back", "\u0001\u001f\u007f", "漢字", "😀", "e\u0301", "\u2028", "{\"x\":1}", "data: x\n\nevent: y", "\uFEFF", "}}", "\0"];

    // A call without any text waits for what follows it, and so has tests of its own.
    private static readonly string[] Arguments =
        ["{}", "{\"a\":1}", "{\"path\":\"C:\\\\x\\n😀\",\"n\":[1,{\"b\":null}]}", "{\"a\":", "[1]", "not json", "{\"a\":1}}", " {\"a\" : 1.50 } "];

    private static readonly string[] StopReasons =
        ["end_turn", "tool_use", "max_tokens", "stop_sequence", "refusal", "pause_turn", "model_context_window_exceeded", "compaction", "never_seen"];

    private static readonly string[] RawBlocks =
    [
        """{"type":"web_search_tool_result","tool_use_id":"srv","content":[{"url":"https://example.com/","x":1.0}]}""",
        """{"type":"code_execution_tool_result","tool_use_id":"srv","content":{"stdout":"é\n"}}""",
        """{"type":"container_upload","file_id":"f"}""",
        """{"type":"compaction","content":"Sum","encrypted_content":null}""",
        """{"type":"never_seen","deep":{"a":[{}]}}""",
    ];

    public static Gen<List<StreamEvent>> Response =>
        from blocks in Blocks
        from order in Gen.Choose(0, int.MaxValue)
        from usage in Usage
        from startMetadata in Metadata("container", """{"id":"c"}""")
        from endMetadata in Metadata("stop_details", """{"type":"refusal","category":null}""")
        from context in Metadata("context_management", """{"applied_edits":[]}""")
        from stop in Gen.Elements(StopReasons)
        from strays in Stray.ListOf(3)
        select Assemble(blocks, order, usage, [startMetadata, endMetadata, context], stop, strays);

    private static Gen<List<List<StreamEvent>>> Blocks =>
        from count in Gen.Choose(0, 5)
        from blocks in Gen.CollectToList(Enumerable.Range(0, count).Select(Block))
        select blocks.ToList();

    private static Gen<StreamEvent> Stray => Gen.Elements<StreamEvent>(
        KeepAlive.Instance,
        new ProviderEvent { Name = "from_the_future", Data = """{"type":"from_the_future","x":"é"}""" });

    private static Gen<TokenUsage> Usage =>
        from input in Gen.Choose(0, 100_000)
        from cached in Gen.Choose(0, 1000)
        from written in Gen.Choose(0, 1000)
        from hasCache in Gen.Elements(true, false)
        from output in Gen.Choose(1, 5000)
        from thinking in Gen.Choose(0, 100)
        from searches in Gen.Choose(0, 3)
        select new TokenUsage
        {
            InputTokens = hasCache ? input + cached + written : input,
            OutputTokens = output,
            TotalTokens = (hasCache ? input + cached + written : input) + output,
            CachedInputTokens = hasCache ? cached : null,
            CacheWriteTokens = hasCache ? written : null,
            ReasoningTokens = thinking > 50 ? thinking : null,
            AdditionalCounts = searches == 0
                ? null
                : new Dictionary<string, long>(StringComparer.Ordinal)
                {
                    ["iterations[0].cache_creation.ephemeral_5m_input_tokens"] = 1,
                    ["iterations[1].input_tokens"] = 2,
                    ["server_tool_use.web_search_requests"] = searches,
                },
        };

    private static Gen<ProviderMetadata?> Metadata(string name, string json) =>
        Gen.Elements(null, new ProviderMetadata { Name = name, Value = JsonElement.Parse(json) });

    private static Gen<List<StreamEvent>> Block(int index) => Gen.OneOf(
        TextBlock(index), ReasoningBlock(index), Call(index, isProviderExecuted: false), Call(index, isProviderExecuted: true), WholeBlock(index));

    private static Gen<List<StreamEvent>> TextBlock(int index) =>
        from texts in Gen.Elements(Texts).ListOf()
        from isCited in Gen.Elements(true, false)
        select (List<StreamEvent>)
        [
            new ContentStarted { Index = index, Kind = ContentKind.Text },
            .. texts.Select(text => new TextDelta { Index = index, Text = text }),
            .. isCited ? [new CitationAdded { Index = index, Citation = JsonElement.Parse("""{"type":"char_location","cited_text":"é"}""") }] : Array.Empty<StreamEvent>(),
            new ContentCompleted { Index = index, Kind = ContentKind.Text },
        ];

    private static Gen<List<StreamEvent>> ReasoningBlock(int index) =>
        from texts in Gen.Elements(Texts).ListOf()
        from signature in Gen.Elements(null, "c2ln+/=", "\u00e9\"")
        select (List<StreamEvent>)
        [
            new ContentStarted { Index = index, Kind = ContentKind.Reasoning, ProviderData = JsonElement.Parse("""{"type":"thinking"}""") },
            .. texts.Select(text => new ReasoningDelta { Index = index, Text = text }),
            new ContentCompleted { Index = index, Kind = ContentKind.Reasoning, Signature = signature },
        ];

    private static Gen<List<StreamEvent>> WholeBlock(int index) =>
        from raw in Gen.Elements(RawBlocks)
        from isRedacted in Gen.Elements(true, false)
        let json = isRedacted ? """{"type":"redacted_thinking","data":"ENC"}""" : raw
        let kind = isRedacted ? ContentKind.RedactedReasoning : json.Contains("_tool_result", StringComparison.Ordinal) ? ContentKind.ServerToolResult : ContentKind.Other
        select (List<StreamEvent>)
        [
            new ContentStarted { Index = index, Kind = kind },
            new ContentCompleted { Index = index, Kind = kind, Raw = JsonElement.Parse(json) },
        ];

    // The events of a call come from the same assembler that a decoder uses: what it makes of a text has tests of its own.
    private static Gen<List<StreamEvent>> Call(int index, bool isProviderExecuted) =>
        from text in Gen.Elements(Arguments)
        from cut in Gen.Choose(0, 20)
        from hasData in Gen.Elements(true, false)
        select Call(index, isProviderExecuted, text, cut, hasData);

    private static List<StreamEvent> Call(int index, bool isProviderExecuted, string text, int cut, bool hasData)
    {
        var type = isProviderExecuted ? "server_tool_use" : "tool_use";
        var data = $$$"""{"type":"{{{type}}}","id":"call_{{{index}}}","name":"tool","input":{},"caller":{"type":"code_execution_20260120","tool_id":"srv_1"}}""";
        var started = new ToolCallStarted
        {
            Index = index,
            CallId = $"call_{index}",
            Name = "tool",
            IsProviderExecuted = isProviderExecuted,
            ProviderData = isProviderExecuted || hasData ? JsonElement.Parse(data) : null,
        };
        var assembler = new ToolCallAssembler(started, new StreamReadOptions());
        List<StreamEvent> events = [started];
        foreach (var piece in new[] { text[..Math.Min(cut, text.Length)], text[Math.Min(cut, text.Length)..] })
        {
            if (piece.Length > 0 && !char.IsLowSurrogate(piece[0]) && !char.IsHighSurrogate(piece[^1]))
            {
                events.Add(assembler.Append(piece));
            }
        }

        // Neither piece of a text that is cut within a surrogate pair.
        if (events.Count == 1)
        {
            events.Add(assembler.Append(text));
        }

        events.Add(assembler.Complete(isVerbatim: true));
        return events;
    }

    private static List<StreamEvent> Assemble(
        List<List<StreamEvent>> blocks, int seed, TokenUsage usage, ProviderMetadata?[] metadata, string stop, IEnumerable<StreamEvent> strays)
    {
        List<StreamEvent> events =
        [
            new ResponseStarted { Provider = "anthropic", ResponseId = "msg_1", Model = "claude-x" },
            new UsageUpdated { Usage = usage },
        ];
        AddPresent(events, metadata[..1]);
        Interleave(events, blocks, strays, new Random(seed));
        var final = usage with { OutputTokens = usage.OutputTokens + 1, TotalTokens = usage.TotalTokens + 1 };
        if (seed % 2 == 0)
        {
            events.Add(new UsageUpdated { Usage = final });
        }

        AddPresent(events, metadata[1..]);
        events.Add(new ResponseCompleted
        {
            FinishReason = AnthropicFinishReasons.Read(stop, events.Exists(e => e is ToolCallCompleted { IsProviderExecuted: false })),
            RawFinishReason = stop,
            StopSequence = stop == "stop_sequence" ? "END\n" : null,
            Usage = seed % 2 == 0 ? final : usage,
        });
        return events;
    }

    private static void AddPresent(List<StreamEvent> events, ProviderMetadata?[] metadata) => events.AddRange(metadata.OfType<ProviderMetadata>());

    // Blocks begin in the order of their indexes, which is how the decoder numbers them, and may then overlap.
    private static void Interleave(List<StreamEvent> events, List<List<StreamEvent>> blocks, IEnumerable<StreamEvent> strays, Random random)
    {
        var queues = blocks.Select(block => new Queue<StreamEvent>(block)).ToList();
        var begun = 0;
        var stray = new Queue<StreamEvent>(strays);
        while (queues.Exists(queue => queue.Count > 0))
        {
            if (stray.Count > 0 && random.Next(4) == 0)
            {
                events.Add(stray.Dequeue());
            }

            var next = random.Next(Math.Min(begun + 1, queues.Count));
            if (queues[next].Count > 0)
            {
                events.Add(queues[next].Dequeue());
                begun = Math.Max(begun, next + 1);
            }
        }
    }
}
