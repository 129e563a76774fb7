using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Streamline.Protocols;
using Streamline.Protocols.Gemini;
using Streamline.Protocols.Shared;

namespace Streamline.Tests.Protocols.Gemini;

/// <summary>Generates the events of whole responses in the form and order in which this wire's decoder gives them.</summary>
internal static class GeminiEventGenerator
{
    private static readonly string[] Texts = ["a", " ", "\"", "\\", "\n", "\u0001", "é", "😀", "\u2028", "[{\"x\":1}]", "data: x\n\n", "\uFEFF", "\0", "漢字"];

    private static readonly string[] Arguments =
        ["", "{}", "{\"a\":1}", "{\"path\":\"C:\\\\x\\n😀\",\"n\":[1,{\"b\":null}]}", "{\"a\":", "[1]", "not json", "{\"a\":1}}", "{\n\"a\" : 1.50 }", "1e5"];

    private static readonly string[] RawParts =
    [
        """{"executableCode":{"language":"PYTHON","code":"é\n"},"thoughtSignature":"s"}""",
        """{"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"1"}}""",
        """{"toolResponse":{"x":[1.50]}}""",
        """{"thoughtSignature":"s5"}""",
        """{"hologram":{"deep":[{}]}}""",
    ];

    /// <summary>What can come beside the answer, by the number of the answer.</summary>
    private static readonly ProviderMetadata?[] Asides =
    [
        null,
        new ProviderMetadata { Name = "safetyRatings", Value = JsonElement.Parse("""[{"x":"é"}]"""u8) },
        new ProviderMetadata { Name = "candidates[0].novel", Value = JsonElement.Parse("true"u8) },
        new ProviderMetadata { Name = "modelStatus", Value = JsonElement.Parse("""{"m":1.50}"""u8) },
        new ProviderMetadata { Name = "usageMetadata.serviceTier", Value = JsonElement.Parse("\"standard\""u8) },
    ];

    public static Gen<List<StreamEvent>> Response =>
        from count in Gen.Choose(0, 6)
        from blocks in Gen.CollectToList(Enumerable.Range(0, count).Select(_ => Block))
        from usage in Usage
        from reason in Gen.Elements("STOP", "MAX_TOKENS", "SAFETY", "NOVEL")
        from aside in Gen.Elements(Asides)
        from isBlocked in Gen.Frequency((1, Gen.Constant(true)), (9, Gen.Constant(false)))
        select isBlocked ? Blocked(usage) : Assemble([.. blocks], usage, reason, aside);

    private static Gen<Func<int, List<StreamEvent>>> Block => Gen.OneOf(
        TextBlock(ContentKind.Text),
        TextBlock(ContentKind.Reasoning),
        Gen.Elements(RawParts).Select(raw => new Func<int, List<StreamEvent>>(index => Whole(index, raw))),
        from text in Gen.Elements(Arguments)
        from data in Gen.Elements("""{"functionCall":{"name":"tool"}}""", """{"thoughtSignature":"c2ln","functionCall":{"id":"x","name":"tool","novel":1}}""")
        select new Func<int, List<StreamEvent>>(index => Call(index, text, data)));

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
                ReasoningTokens = thoughts,
                CachedInputTokens = cached,
                AdditionalCounts = hasDetails
                    ? new Dictionary<string, long>(StringComparer.Ordinal) { ["promptTokensDetails.IMAGE"] = 0, ["promptTokensDetails.TEXT"] = input, ["toolUsePromptTokenCount"] = 5 }
                    : null,
            }
            : null;

    // A part with a signature is a block of its own, with one text or, after a text of the same kind, none.
    private static Gen<Func<int, List<StreamEvent>>> TextBlock(ContentKind kind) =>
        from texts in Gen.Elements(Texts).NonEmptyListOf()
        from form in Gen.Choose(0, 3)
        from isCited in Gen.Elements(true, false)
        select new Func<int, List<StreamEvent>>(index => Text(index, kind, [.. form == 1 ? texts.Take(1) : form == 3 ? [] : texts], form, isCited));

    private static List<StreamEvent> Text(int index, ContentKind kind, List<string> texts, int form, bool isCited)
    {
        var isThought = kind == ContentKind.Reasoning;
        var raw = (form, isThought) switch
        {
            (0, false) => null,
            (0, true) => """{"thought":true}""",
            (1, false) => """{"thoughtSignature":"s1","novel":[1]}""",
            (1, true) => """{"thought":true,"thoughtSignature":"s1"}""",
            (_, false) => """{"text":"","thoughtSignature":"s2"}""",
            (_, true) => """{"text":"","thought":true,"thoughtSignature":"s2"}""",
        };
        List<StreamEvent> events = [new ContentStarted { Index = index, Kind = kind }];
        events.AddRange(texts.Select(StreamEvent (text) => isThought ? new ReasoningDelta { Index = index, Text = text } : new TextDelta { Index = index, Text = text }));
        if (isCited && !isThought && form is 0 or 2)
        {
            events.Add(new CitationAdded { Index = index, Citation = JsonElement.Parse($$"""{"uri":"https://example.com/{{index}}"}""") });
        }

        events.Add(new ContentCompleted
        {
            Index = index,
            Kind = kind,
            Signature = !isThought || form == 0 ? null : form == 1 ? "s1" : "s2",
            Raw = raw is null ? null : JsonElement.Parse(raw),
        });
        return events;
    }

    private static List<StreamEvent> Whole(int index, string raw)
    {
        var kind = raw.Contains("Result\"", StringComparison.Ordinal) || raw.Contains("Response\"", StringComparison.Ordinal) ? ContentKind.ServerToolResult : ContentKind.Other;
        return [new ContentStarted { Index = index, Kind = kind }, new ContentCompleted { Index = index, Kind = kind, Raw = JsonElement.Parse(raw) }];
    }

    // The events of a call come from the same assembler that a decoder uses: what it makes of a text has tests of its own.
    private static List<StreamEvent> Call(int index, string text, string form)
    {
        var data = form.Replace("\"id\":\"x\"", $"\"id\":\"x{index}\"", StringComparison.Ordinal);
        var started = new ToolCallStarted
        {
            Index = index,
            CallId = data.Contains("\"id\"", StringComparison.Ordinal) ? $"x{index}" : $"call_r_{index}",
            Name = "tool",
            ProviderData = JsonElement.Parse(data),
        };
        var assembler = new ToolCallAssembler(started, new StreamReadOptions());
        return text.Length == 0 ? [started, assembler.Complete(isVerbatim: true)] : [started, assembler.Append(text), assembler.Complete(isVerbatim: true)];
    }

    private static List<StreamEvent> Blocked(TokenUsage? usage)
    {
        List<StreamEvent> events =
        [
            new ResponseStarted { Provider = "gemini", ResponseId = "r", Model = "g" },
            new ProviderMetadata { Name = "promptFeedback", Value = JsonElement.Parse("""{"blockReason":"JAILBREAK"}"""u8) },
        ];
        if (usage is not null)
        {
            events.Add(new UsageUpdated { Usage = usage });
        }

        events.Add(new ResponseCompleted { FinishReason = FinishReason.ContentFilter, RawFinishReason = "JAILBREAK", Usage = usage });
        return events;
    }

    // Two blocks of one kind in a row would be one block, unless the first is closed by a signature: the wire does not mark where they end.
    // What completes a block comes with the next part, so that everything beside the answer stands before the first one.
    private static List<StreamEvent> Assemble(List<Func<int, List<StreamEvent>>> blocks, TokenUsage? usage, string reason, ProviderMetadata? aside)
    {
        List<StreamEvent> events = [new ResponseStarted { Provider = "gemini", ResponseId = "r", Model = "g" }];
        if (aside is not null)
        {
            events.Add(aside);
        }

        if (usage is not null)
        {
            events.Add(new UsageUpdated { Usage = usage });
        }

        var index = 0;
        ContentKind? openKind = null;
        foreach (var block in blocks)
        {
            var made = block(index);
            var completed = made[^1] as ContentCompleted;
            var isText = completed?.Kind is ContentKind.Text or ContentKind.Reasoning;
            var hasText = made.Exists(e => e is TextDelta or ReasoningDelta);
            var isSigned = completed?.Raw?.GetRawText().Contains("Signature", StringComparison.Ordinal) == true;
            var isApart = isSigned && completed!.Raw!.Value.TryGetProperty("text", out _);
            if (isText && openKind == completed!.Kind && (!isSigned || isApart || !hasText))
            {
                continue;
            }

            events.AddRange(made);
            openKind = isText && !isSigned ? completed!.Kind : null;
            index++;
        }

        events.Add(new ResponseCompleted
        {
            FinishReason = FinishReasons.Read(reason, events.Exists(e => e is ToolCallCompleted)),
            RawFinishReason = reason,
            Usage = usage,
        });
        return events;
    }
}
