using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Streamline.Protocols;
using Streamline.Protocols.Ollama;
using Streamline.Protocols.Shared;

namespace Streamline.Tests.Protocols.Ollama;

/// <summary>Generates the events of whole responses in the form and order in which this wire's decoder gives them.</summary>
internal static class OllamaEventGenerator
{
    private static readonly string[] Texts = ["a", " ", "\"", "\\", "\n", "\u0001", "é", "😀", "\u2028", "{\"done\":true}", "\uFEFF", "\0", "漢字"];

    private static readonly string[] Arguments =
        ["", "{}", "{\"a\":1}", "{\"path\":\"C:\\\\x\\n😀\",\"n\":[1,{\"b\":null}]}", "{\"a\":", "[1]", "not json", "{\"a\":1}}", "{\"a\" : 1.50 }", "1e5"];

    public static Gen<List<StreamEvent>> Response =>
        from count in Gen.Choose(0, 6)
        from blocks in Gen.CollectToList(Enumerable.Range(0, count).Select(_ => Block))
        from usage in Usage
        from reason in Gen.Elements("stop", "length", "load", "novel", null)
        from aside in Gen.Elements<StreamEvent?>(
            null,
            new ProviderMetadata { Name = "remote_model", Value = JsonElement.Parse("\"big\""u8) },
            new ProviderMetadata { Name = "message.mood", Value = JsonElement.Parse("""{"é":[1.50]}"""u8) },
            new ProviderEvent { Name = "pulling", Data = """{"status":"pulling","x":"é"}""" })
        select Assemble([.. blocks], usage, reason, aside);

    private static Gen<Func<int, List<StreamEvent>>> Block => Gen.OneOf(
        Gen.Elements(Texts).NonEmptyListOf().Select(texts => new Func<int, List<StreamEvent>>(index => Text(index, texts, ContentKind.Text))),
        Gen.Elements(Texts).NonEmptyListOf().Select(texts => new Func<int, List<StreamEvent>>(index => Text(index, texts, ContentKind.Reasoning))),
        Gen.Constant(new Func<int, List<StreamEvent>>(Images)),
        from text in Gen.Elements(Arguments)
        from data in Gen.Elements(null, """{"extra":1,"function":{}}""", """{"function":{"signature":"c2ln"}}""")
        select new Func<int, List<StreamEvent>>(index => Call(index, text, data)));

    private static Gen<TokenUsage?> Usage =>
        from input in Gen.Choose(0, 1000)
        from output in Gen.Choose(0, 1000)
        from hasDurations in Gen.Elements(true, false)
        from isReported in Gen.Elements(true, true, false)
        select isReported
            ? new TokenUsage
            {
                InputTokens = input,
                OutputTokens = output,
                TotalTokens = input + output,
                AdditionalCounts = hasDurations ? new Dictionary<string, long>(StringComparer.Ordinal) { ["total_duration"] = 5_000_000_000, ["load_duration"] = 0 } : null,
            }
            : null;

    private static List<StreamEvent> Text(int index, IEnumerable<string> texts, ContentKind kind) =>
    [
        new ContentStarted { Index = index, Kind = kind },
        .. texts.Select(StreamEvent (text) => kind == ContentKind.Text
            ? new TextDelta { Index = index, Text = text }
            : new ReasoningDelta { Index = index, Text = text }),
        new ContentCompleted { Index = index, Kind = kind, Raw = kind == ContentKind.Text ? null : JsonElement.Parse("""{"type":"thinking"}"""u8) },
    ];

    private static List<StreamEvent> Images(int index) =>
    [
        new ContentStarted { Index = index, Kind = ContentKind.Other },
        new ContentCompleted { Index = index, Kind = ContentKind.Other, Raw = JsonElement.Parse("""{"images":["QUJD"]}"""u8) },
    ];

    // The events of a call come from the same assembler that a decoder uses: what it makes of a text has tests of its own.
    private static List<StreamEvent> Call(int index, string text, string? data)
    {
        var started = new ToolCallStarted
        {
            Index = index,
            CallId = $"call_{index}",
            Name = "tool",
            ProviderData = data is null ? null : JsonElement.Parse(data),
        };
        var assembler = new ToolCallAssembler(started, new StreamReadOptions());
        return text.Length == 0 ? [started, assembler.Complete(isVerbatim: true)] : [started, assembler.Append(text), assembler.Complete(isVerbatim: true)];
    }

    // Two blocks of one kind in a row would be one block: the wire does not mark where they end.
    private static List<StreamEvent> Assemble(List<Func<int, List<StreamEvent>>> blocks, TokenUsage? usage, string? reason, StreamEvent? aside)
    {
        List<StreamEvent> events = [new ResponseStarted { Provider = "ollama", Model = "q" }];
        if (aside is not null)
        {
            events.Add(aside);
        }

        var index = 0;
        ContentKind? last = null;
        foreach (var block in blocks)
        {
            var made = block(index);
            var kind = (made[0] as ContentStarted)?.Kind;
            if (kind is null or ContentKind.Other || kind != last)
            {
                events.AddRange(made);
                last = kind;
                index++;
            }
        }

        if (usage is not null)
        {
            events.Add(new UsageUpdated { Usage = usage });
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
