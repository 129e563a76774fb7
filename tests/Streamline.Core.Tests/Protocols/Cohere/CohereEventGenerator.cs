using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Streamline.Protocols;
using Streamline.Protocols.Cohere;
using Streamline.Protocols.Shared;

namespace Streamline.Tests.Protocols.Cohere;

/// <summary>Generates the events of whole responses in the form and order in which the decoder of this protocol gives them.</summary>
internal static class CohereEventGenerator
{
    private const int Plan = 0;
    private const int Thinking = 1;
    private const int Text = 2;
    private const int Other = 4;

    private static readonly string[] Texts =
        ["a", " word", "\n", "\"quoted\" \\ back", "\u0001\u001f\u007f", "漢字", "😀", "e\u0301", "\u2028", "{\"x\":1}", "data: x\n\nevent: y", "\uFEFF", "}}", "\0"];

    private static readonly string[] Arguments =
        ["", "{}", "{\"a\":1}", "{\"path\":\"C:\\\\x\\n😀\",\"n\":[1,{\"b\":null}]}", "{\"a\":", "[1]", "not json", "{\"a\":1}}", " {\"a\" : 1.50 } "];

    private static readonly string[] FinishReasons = ["COMPLETE", "STOP_SEQUENCE", "MAX_TOKENS", "TOOL_CALL", "ERROR_TOXIC", "USER_CANCEL", "NEVER_SEEN"];

    public static Gen<List<StreamEvent>> Response =>
        from kinds in Gen.Choose(Plan, Other).ListOf()
        from blocks in Gen.CollectToList(WithoutAdjacentPlans(kinds.Take(5)).Select(Block))
        from usage in Usage
        from finish in Gen.Elements(FinishReasons)
        from metadata in Gen.Elements<ProviderMetadata?>(null, Metadata("novel", "1"), Metadata("delta.novel", """{"x":[1]}"""), Metadata("delta.message.novel", "\"é\""), Metadata("delta.usage.tier", "\"x\""))
        from stray in Gen.Elements<StreamEvent?>(null, KeepAlive.Instance, new ProviderEvent { Name = "from-the-future", Data = """{"type":"from-the-future","x":"é"}""" })
        from place in Gen.Choose(0, 20)
        select Assemble(blocks.SelectMany(block => block).ToList(), usage, finish, metadata, stray, place);

    private static Gen<TokenUsage?> Usage =>
        from input in Gen.Choose(0, 100_000)
        from output in Gen.Choose(1, 5000)
        from cached in Gen.Elements<long?>(null, 7)
        from thinking in Gen.Elements<long?>(null, 9)
        from searches in Gen.Elements<long?>(null, 2)
        from isThere in Gen.Elements(true, true, false)
        select isThere
            ? new TokenUsage
            {
                InputTokens = input,
                OutputTokens = output,
                TotalTokens = input + output,
                CachedInputTokens = cached,
                ReasoningTokens = thinking,
                AdditionalCounts = searches is { } count
                    ? new Dictionary<string, long>(StringComparer.Ordinal) { ["billed_units.input_tokens"] = 1, ["billed_units.search_units"] = count, ["tokens.image_tokens"] = 259 }
                    : null,
            }
            : null;

    private static ProviderMetadata Metadata(string name, string json, int? index = null) => new() { Name = name, Value = JsonElement.Parse(json), Index = index };

    // Two plans without anything between them are one.
    private static IEnumerable<int> WithoutAdjacentPlans(IEnumerable<int> kinds)
    {
        var last = -1;
        foreach (var kind in kinds)
        {
            yield return last = kind == Plan && last == Plan ? Thinking : kind;
        }
    }

    private static Gen<List<StreamEvent>> Block(int kind, int index) => kind switch
    {
        Plan => ReasoningBlock(index, CohereReasoning.Plan),
        Thinking => ReasoningBlock(index, CohereReasoning.Thinking),
        Text => TextBlock(index),
        Other => OtherBlock(index),
        _ => CallBlock(index),
    };

    private static Gen<List<StreamEvent>> TextBlock(int index) =>
        from texts in Gen.Elements(Texts).ListOf()
        from isCited in Gen.Elements(true, false)
        from hasMore in Gen.Elements(true, false)
        select (List<StreamEvent>)
        [
            new ContentStarted { Index = index, Kind = ContentKind.Text },
            .. texts.Select(text => new TextDelta { Index = index, Text = text }),
            .. hasMore ? [Metadata("logprobs", """{"token_ids":[1]}""", index), Metadata("delta.message.content.novel", $"{index}", index)] : Array.Empty<StreamEvent>(),
            .. isCited ? [new CitationAdded { Index = index, Citation = JsonElement.Parse("""{"start":0,"end":1,"text":"é","sources":[]}""") }] : Array.Empty<StreamEvent>(),
            new ContentCompleted { Index = index, Kind = ContentKind.Text },
        ];

    // A plan has no beginning of its own.
    private static Gen<List<StreamEvent>> ReasoningBlock(int index, JsonElement form) =>
        from first in Gen.Elements(Texts)
        from texts in Gen.Elements(Texts).ListOf()
        select (List<StreamEvent>)
        [
            new ContentStarted { Index = index, Kind = ContentKind.Reasoning, ProviderData = form },
            .. texts.Prepend(first).Select(text => new ReasoningDelta { Index = index, Text = text }),
            new ContentCompleted { Index = index, Kind = ContentKind.Reasoning },
        ];

    private static Gen<List<StreamEvent>> OtherBlock(int index) => Gen.Constant((List<StreamEvent>)
    [
        new ContentStarted { Index = index, Kind = ContentKind.Other },
        new ContentCompleted { Index = index, Kind = ContentKind.Other, Raw = JsonElement.Parse("""{"type":"never_seen","deep":{"a":[{}]}}""") },
    ]);

    // The events of a call come from the same assembler that a decoder uses: what it makes of a text has tests of its own.
    private static Gen<List<StreamEvent>> CallBlock(int index) =>
        from text in Gen.Elements(Arguments)
        from cut in Gen.Choose(0, 20)
        from hasData in Gen.Elements(true, false)
        select Call(index, text, cut, hasData);

    private static List<StreamEvent> Call(int index, string text, int cut, bool hasData)
    {
        var data = $$$"""{"id":"call_{{{index}}}","type":"function","function":{"name":"tool","arguments":""},"trace":{"a":1}}""";
        var started = new ToolCallStarted { Index = index, CallId = $"call_{index}", Name = "tool", ProviderData = hasData ? JsonElement.Parse(data) : null };
        var assembler = new ToolCallAssembler(started, new StreamReadOptions());
        List<StreamEvent> events = [started];
        foreach (var piece in new[] { text[..Math.Min(cut, text.Length)], text[Math.Min(cut, text.Length)..] })
        {
            if (piece.Length > 0 && !char.IsLowSurrogate(piece[0]) && !char.IsHighSurrogate(piece[^1]))
            {
                events.Add(assembler.Append(piece));
            }
        }

        events.Add(assembler.Complete(isVerbatim: true));
        return events;
    }

    private static List<StreamEvent> Assemble(List<StreamEvent> blocks, TokenUsage? usage, string finish, ProviderMetadata? metadata, StreamEvent? stray, int place)
    {
        if (stray is not null)
        {
            // A plan has no events of its own for its beginning and its end, and a block that is sent whole has only one.
            place = Math.Min(place, blocks.Count);
            while (place > 0 && blocks[place - 1] is ContentStarted { Kind: not ContentKind.Text } or ContentCompleted { Kind: ContentKind.Reasoning })
            {
                place--;
            }

            blocks.Insert(place, stray);
        }

        List<StreamEvent> events = [new ResponseStarted { Provider = "cohere", ResponseId = "m1" }, .. blocks];
        if (usage is not null)
        {
            events.Add(new UsageUpdated { Usage = usage });
        }

        if (metadata is not null)
        {
            events.Add(metadata);
        }

        events.Add(new ResponseCompleted { FinishReason = CohereFinishReasons.Read(finish, events.Exists(e => e is ToolCallCompleted { IsProviderExecuted: false })), RawFinishReason = finish, Usage = usage });
        return events;
    }
}
