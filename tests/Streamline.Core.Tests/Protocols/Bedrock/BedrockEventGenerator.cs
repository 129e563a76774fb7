using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Streamline.Protocols;
using Streamline.Protocols.Bedrock;
using Streamline.Protocols.Shared;

namespace Streamline.Tests.Protocols.Bedrock;

/// <summary>Generates the events of whole responses in the form and order in which this wire's decoder gives them.</summary>
internal static class BedrockEventGenerator
{
    private static readonly string[] Texts =
        ["a", " word", "\n", "\"quoted\" \\ back", "\u0001\u001f\u007f", "漢字", "😀", "e\u0301", "\u2028", "{\"x\":1}", "\uFEFF", "}}", "\0"];

    // A call without any text waits for what follows it, and so has tests of its own.
    private static readonly string[] Arguments =
        ["{}", "{\"a\":1}", "{\"path\":\"C:\\\\x\\n😀\",\"n\":[1,{\"b\":null}]}", "{\"a\":", "[1]", "not json", "{\"a\":1}}", " {\"a\" : 1.50 } "];

    private static readonly string[] StopReasons =
        ["end_turn", "tool_use", "max_tokens", "stop_sequence", "guardrail_intervened", "content_filtered", "malformed_tool_use", "model_context_window_exceeded", "never_seen"];

    private static readonly (ContentKind Kind, string Raw)[] WholeBlocks =
    [
        (ContentKind.RedactedReasoning, """{"reasoningContent":{"redactedContent":"AAEC"}}"""),
        (ContentKind.ServerToolResult, """{"toolResult":{"toolUseId":"s","status":"success","content":[{"text":"é"},{"json":{"n":1.50}}]}}"""),
        (ContentKind.ServerToolResult, """{"toolResult":{"toolUseId":"s","content":[]}}"""),
        (ContentKind.Other, """{"image":{"format":"png","source":{"bytes":"AAEC"}}}"""),
        (ContentKind.Other, """{"image":{"format":"png","error":{"message":"no"}}}"""),
    ];

    private static readonly (string Name, string Json)[] Asides =
    [
        ("additionalModelResponseFields", """{"stop_sequence":"END","é":1.50}"""),
        ("usage.cacheDetails", """[{"ttl":"5m","inputTokens":3}]"""),
        ("metrics", """{"latencyMs":410}"""),
        ("trace", """{"promptRouter":{"invokedModelId":"m"}}"""),
        ("serviceTier", """{"type":"flex"}"""),
    ];

    public static Gen<List<StreamEvent>> Response =>
        from count in Gen.Choose(0, 5)
        from blocks in Gen.CollectToList(Enumerable.Range(0, count).Select(Block))
        from order in Gen.Choose(0, int.MaxValue)
        from usage in Usage
        from asides in Gen.SubListOf(Asides)
        from stop in Gen.Elements(StopReasons)
        select Assemble([.. blocks], order, usage, [.. asides], stop);

    private static Gen<TokenUsage> Usage =>
        from input in Gen.Choose(0, 100_000)
        from cached in Gen.Choose(0, 1000)
        from written in Gen.Choose(0, 1000)
        from hasCache in Gen.Elements(true, false)
        from output in Gen.Choose(0, 5000)
        from hasMore in Gen.Elements(true, false)
        select new TokenUsage
        {
            InputTokens = hasCache ? input + cached + written : input,
            OutputTokens = output,
            TotalTokens = input + output + (hasCache ? cached + written : 0),
            CachedInputTokens = hasCache ? cached : null,
            CacheWriteTokens = hasCache ? written : null,
            AdditionalCounts = hasMore ? new Dictionary<string, long>(StringComparer.Ordinal) { ["novelTokens"] = 7 } : null,
        };

    private static Gen<List<StreamEvent>> Block(int index) => Gen.OneOf(
        TextBlock(index), ReasoningBlock(index), Call(index, isProviderExecuted: false), Call(index, isProviderExecuted: true), WholeBlock(index));

    private static Gen<List<StreamEvent>> TextBlock(int index) =>
        from texts in Gen.Elements(Texts).ListOf()
        from isCited in Gen.Elements(true, false)
        select (List<StreamEvent>)
        [
            new ContentStarted { Index = index, Kind = ContentKind.Text },
            .. texts.Select(text => new TextDelta { Index = index, Text = text }),
            .. isCited ? [new CitationAdded { Index = index, Citation = JsonElement.Parse("""{"title":"é","location":{"web":{"url":"u"}}}""") }] : Array.Empty<StreamEvent>(),
            new ContentCompleted { Index = index, Kind = ContentKind.Text },
        ];

    private static Gen<List<StreamEvent>> ReasoningBlock(int index) =>
        from texts in Gen.Elements(Texts).ListOf()
        from signature in Gen.Elements(null, "c2ln+/=", "\u00e9\"")
        select (List<StreamEvent>)
        [
            new ContentStarted { Index = index, Kind = ContentKind.Reasoning },
            .. texts.Select(text => new ReasoningDelta { Index = index, Text = text }),
            new ContentCompleted { Index = index, Kind = ContentKind.Reasoning, Signature = signature, Raw = signature is null ? null : JsonElement.Parse("""{"reasoningContent":{"reasoningText":{}}}""") },
        ];

    private static Gen<List<StreamEvent>> WholeBlock(int index) =>
        from whole in Gen.Elements(WholeBlocks)
        select (List<StreamEvent>)
        [
            new ContentStarted { Index = index, Kind = whole.Kind },
            new ContentCompleted { Index = index, Kind = whole.Kind, Raw = JsonElement.Parse(whole.Raw) },
        ];

    // The events of a call come from the same assembler that a decoder uses: what it makes of a text has tests of its own.
    private static Gen<List<StreamEvent>> Call(int index, bool isProviderExecuted) =>
        from text in Gen.Elements(Arguments)
        from cut in Gen.Choose(0, 20)
        select Call(index, isProviderExecuted, text, cut);

    private static List<StreamEvent> Call(int index, bool isProviderExecuted, string text, int cut)
    {
        var started = new ToolCallStarted
        {
            Index = index,
            CallId = $"call_{index}",
            Name = "tool",
            IsProviderExecuted = isProviderExecuted,
            ProviderData = isProviderExecuted
                ? JsonElement.Parse($$$"""{"toolUse":{"toolUseId":"call_{{{index}}}","name":"tool","type":"server_tool_use","novel":[1.50]}}""")
                : null,
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

    private static List<StreamEvent> Assemble(List<List<StreamEvent>> blocks, int seed, TokenUsage usage, List<(string Name, string Json)> asides, string stop)
    {
        List<StreamEvent> events = [new ResponseStarted { Provider = "bedrock" }];
        usage = asides.Contains(Asides[1]) ? WithCacheDetails(usage) : usage;
        Add(events, blocks, new Random(seed));
        var metadata = asides.OrderBy(aside => Array.IndexOf(Asides, aside))
            .Select(aside => new ProviderMetadata { Name = aside.Name, Value = JsonElement.Parse(aside.Json) }).ToList();
        events.AddRange(metadata.Where(aside => aside.Name == Asides[0].Name));
        events.Add(new UsageUpdated { Usage = usage });
        events.AddRange(metadata.Where(aside => aside.Name != Asides[0].Name));
        events.Add(new ResponseCompleted { FinishReason = BedrockFinishReasons.Read(stop, events.Exists(e => e is ToolCallCompleted { IsProviderExecuted: false })), RawFinishReason = stop, Usage = usage });
        return events;
    }

    // What the details count is counted too.
    private static TokenUsage WithCacheDetails(TokenUsage usage) => new()
    {
        InputTokens = usage.InputTokens,
        OutputTokens = usage.OutputTokens,
        TotalTokens = usage.TotalTokens,
        CachedInputTokens = usage.CachedInputTokens,
        CacheWriteTokens = usage.CacheWriteTokens,
        AdditionalCounts = new Dictionary<string, long>(usage.AdditionalCounts ?? new Dictionary<string, long>(), StringComparer.Ordinal) { ["cacheDetails[0].inputTokens"] = 3 },
    };

    // Calls may interleave; other blocks come one after the other, for they begin on the wire with their first delta or are whole there.
    private static void Add(List<StreamEvent> events, List<List<StreamEvent>> blocks, Random random)
    {
        for (var i = 0; i < blocks.Count; i++)
        {
            if (i + 1 < blocks.Count && blocks[i][0] is ToolCallStarted && blocks[i + 1][0] is ToolCallStarted && random.Next(2) == 0)
            {
                events.AddRange([blocks[i][0], blocks[i + 1][0], .. blocks[i + 1][1..], .. blocks[i][1..]]);
                i++;
            }
            else
            {
                events.AddRange(blocks[i]);
                if (random.Next(4) == 0)
                {
                    events.Add(new ProviderEvent { Name = "from_the_future", Data = """{"x":"é"}""" });
                }
            }
        }
    }
}
