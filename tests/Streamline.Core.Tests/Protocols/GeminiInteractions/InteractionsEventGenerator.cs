using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Streamline.Protocols;
using Streamline.Protocols.GeminiInteractions;
using Streamline.Protocols.Shared;

namespace Streamline.Tests.Protocols.GeminiInteractions;

/// <summary>Generates the events of whole responses in the form and order in which this protocol's decoder gives them.</summary>
internal static class InteractionsEventGenerator
{
    private static readonly string[] Texts = ["a", " ", "\"", "\\", "\n", "\u0001", "é", "😀", "\u2028", "{\"event_type\":\"error\"}", "data: x\n\n", "\uFEFF", "\0", "漢字"];

    private static readonly string[] Arguments =
        ["", "{}", "{\"a\":1}", "{\"path\":\"C:\\\\x\\n😀\",\"n\":[1,{\"b\":null}]}", "{\"a\":", "[1]", "not json", "{\"a\":1}}", "{\n\"a\" : 1.50 }", "1e5"];

    private static readonly string[] Citations =
        ["""{"type":"url_citation","url":"https://e.org/é","title":"T","start_index":0,"end_index":2}""", """{"type":"novel_citation","deep":[{}]}"""];

    private static readonly string[] Media =
        ["""{"type":"image","mime_type":"image/png","data":"QUJD"}""", """{"type":"audio","uri":"https://e.org/a","novel":1.50}"""];

    private static readonly string[] Wholes =
        ["""{"type":"google_search_result","call_id":"x","signature":"s","result":[{"search_suggestions":"é"}]}""", """{"type":"hologram","deep":[{"a":1.50}]}"""];

    private static readonly ProviderMetadata?[] Asides =
    [
        null,
        new ProviderMetadata { Name = "service_tier", Value = JsonElement.Parse("\"standard\""u8) },
        new ProviderMetadata { Name = "novel", Value = JsonElement.Parse("""{"é":[1.50]}"""u8) },
    ];

    public static Gen<List<StreamEvent>> Response =>
        from count in Gen.Choose(0, 6)
        from blocks in Gen.CollectToList(Enumerable.Range(0, count).Select(_ => Block))
        from usage in Usage
        from status in Gen.Elements("completed", "incomplete", "requires_action", "cancelled", "budget_exceeded", "novel")
        from aside in Gen.Elements(Asides)
        from passed in Gen.Elements<ProviderEvent?>(null, new ProviderEvent { Name = "novel_event", Data = """{"event_type":"novel_event","x":"é"}""" })
        select Assemble([.. blocks], usage, status, aside, passed);

    private static Gen<Func<int, List<StreamEvent>>> Block => Gen.OneOf(
        from texts in Gen.Elements(Texts).NonEmptyListOf()
        from citation in Gen.Elements([null, .. Citations])
        from envelope in Gen.Elements(null, null, """{"type":"model_output","novel":1}""")
        select new Func<int, List<StreamEvent>>(index => Text(index, texts, citation, envelope)),
        from texts in Gen.Elements(Texts).ListOf()
        from signature in Gen.Elements(null, "c2ln")
        from envelope in Gen.Elements("""{"type":"thought"}""", """{"type":"thought","novel":[1.50]}""")
        select new Func<int, List<StreamEvent>>(index => Thought(index, texts, signature, envelope)),
        Gen.Elements(Media).Select(raw => new Func<int, List<StreamEvent>>(index => Whole(index, raw, ContentKind.Other))),
        Gen.Elements(Wholes).Select(raw => new Func<int, List<StreamEvent>>(index =>
            Whole(index, raw, raw.Contains("_result\"", StringComparison.Ordinal) ? ContentKind.ServerToolResult : ContentKind.Other))),
        from first in Gen.Elements(Arguments)
        from begun in Gen.Elements(null, """{"type":"function_call","signature":"c2ln"}""")
        from ended in Gen.Elements(null, """{"type":"function_call","signature":"ZW5k"}""")
        select new Func<int, List<StreamEvent>>(index => Call(index, first, begun, begun ?? ended)),
        Gen.Elements("""{"queries":["é"]}""", "").Select(arguments => new Func<int, List<StreamEvent>>(index => ProviderCall(index, arguments))));

    private static Gen<TokenUsage?> Usage =>
        from input in Gen.Choose(0, 1000)
        from output in Gen.Choose(0, 1000)
        from thoughts in Gen.Elements<long?>(null, 0, 7)
        from cached in Gen.Elements<long?>(null, 3)
        from hasDetails in Gen.Elements(true, false)
        from isReported in Gen.Elements(true, true, false)
        select isReported
            ? new TokenUsage
            {
                InputTokens = input,
                OutputTokens = output + (thoughts ?? 0),
                TotalTokens = input + output + (thoughts ?? 0),
                CachedInputTokens = cached,
                ReasoningTokens = thoughts,
                AdditionalCounts = hasDetails ? new Dictionary<string, long>(StringComparer.Ordinal) { ["input_tokens_by_modality.text"] = 5, ["total_tool_use_tokens"] = 0 } : null,
            }
            : null;

    private static List<StreamEvent> Text(int index, IEnumerable<string> texts, string? citation, string? envelope) =>
    [
        new ContentStarted { Index = index, Kind = ContentKind.Text, ProviderData = Json(envelope) },
        .. texts.Select(text => new TextDelta { Index = index, Text = text }),
        .. citation is null ? Array.Empty<StreamEvent>() : [new CitationAdded { Index = index, Citation = JsonElement.Parse(citation) }],
        new ContentCompleted { Index = index, Kind = ContentKind.Text, Raw = Json(envelope) },
    ];

    private static List<StreamEvent> Thought(int index, IEnumerable<string> texts, string? signature, string envelope) =>
    [
        new ContentStarted { Index = index, Kind = ContentKind.Reasoning, ProviderData = Json(envelope) },
        .. texts.Select(text => new ReasoningDelta { Index = index, Text = text }),
        new ContentCompleted { Index = index, Kind = ContentKind.Reasoning, Signature = signature, Raw = Json(envelope) },
    ];

    // A step is known when it begins, a content only when it is whole.
    private static List<StreamEvent> Whole(int index, string raw, ContentKind kind) =>
    [
        new ContentStarted { Index = index, Kind = kind, ProviderData = Media.Contains(raw) ? null : Json(raw) },
        new ContentCompleted { Index = index, Kind = kind, Raw = Json(raw) },
    ];

    // The events of a call come from the same assembler that a decoder uses: what it makes of a text has tests of its own.
    private static List<StreamEvent> Call(int index, string text, string? begun, string? ended)
    {
        var started = new ToolCallStarted { Index = index, CallId = $"call_{index}", Name = "tool", ProviderData = Json(begun) };
        return Input(started, text, ended);
    }

    private static List<StreamEvent> ProviderCall(int index, string arguments)
    {
        var step = Json($$"""{"id":"search_{{index}}","type":"google_search_call","arguments":{{(arguments.Length == 0 ? "{}" : arguments)}}}""");
        var started = new ToolCallStarted { Index = index, CallId = $"search_{index}", Name = "google_search", IsProviderExecuted = true, ProviderData = step };
        return Input(started, arguments, step?.GetRawText());
    }

    private static List<StreamEvent> Input(ToolCallStarted started, string text, string? ended)
    {
        var assembler = new ToolCallAssembler(started, new StreamReadOptions());
        List<StreamEvent> events = text.Length == 0 ? [started] : [started, assembler.Append(text)];
        var whole = assembler.Complete(isVerbatim: true);
        return
        [
            .. events,
            new ToolCallCompleted
            {
                Index = started.Index,
                CallId = started.CallId,
                Name = started.Name,
                ArgumentsText = whole.ArgumentsText,
                Arguments = whole.Arguments,
                ParseError = whole.ParseError,
                IsProviderExecuted = started.IsProviderExecuted,
                ProviderData = Json(ended),
            },
        ];
    }

    private static List<StreamEvent> Assemble(List<Func<int, List<StreamEvent>>> blocks, TokenUsage? usage, string status, ProviderMetadata? aside, ProviderEvent? passed)
    {
        List<StreamEvent> events = [new ResponseStarted { Provider = "gemini-interactions", Protocol = "gemini-interactions", ResponseId = "v1_a", Model = "g", CreatedAt = DateTimeOffset.UnixEpoch }];
        if (passed is not null)
        {
            events.Add(passed);
        }

        for (var index = 0; index < blocks.Count; index++)
        {
            events.AddRange(blocks[index](index));
        }

        if (usage is not null)
        {
            events.Add(new UsageUpdated { Usage = usage });
        }

        if (aside is not null)
        {
            events.Add(aside);
        }

        events.Add(new ResponseCompleted
        {
            FinishReason = InteractionsFinishReasons.Read(status, events.Exists(e => e is ToolCallCompleted { IsProviderExecuted: false })),
            RawFinishReason = status,
            Usage = usage,
        });
        return events;
    }

    private static JsonElement? Json(string? json) => json is null ? null : JsonElement.Parse(json);
}
