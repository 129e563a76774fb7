using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests;

/// <summary>An empty delta, which some clients send, changes nothing, wherever it comes.</summary>
[Trait("Law", "1")]
public sealed class EmptyDeltaTests
{
    private static readonly Dictionary<string, Func<StreamClientBuilder, StreamClientBuilder>> Stages = new(StringComparer.Ordinal)
    {
        ["smoothing"] = builder => builder.UseSmoothing(),
        ["smoothing of text alone"] = builder => builder.UseSmoothing(smoothing => smoothing.IncludeReasoning = false),
        ["guard with rules"] = builder => builder.UseGuard(guard => guard.Rules.Add(GuardRule.Redact("world", "[w]"))),
        ["guard with a check"] = builder => builder.UseGuard(guard => guard.Check = (_, _) => new(GuardVerdict.Allow)),
        ["sentences"] = builder => builder.UseSentences(),
        ["Markdown"] = builder => builder.UseMarkdown(),
        ["code blocks"] = builder => builder.UseCodeBlocks(),
        ["analysis"] = builder => builder.UseTextAnalysis("any", (segment, _) => new(System.Text.Json.JsonSerializer.SerializeToElement(segment.Text))),
        ["analysis of windows"] = builder => builder.UseTextAnalysis(
            "any", (segment, _) => new(System.Text.Json.JsonSerializer.SerializeToElement(segment.Text)), analysis => (analysis.Unit, analysis.WindowChars) = (TextAnalysisUnit.Window, 10)),
        ["coalescing backpressure"] = builder => builder.UseBackpressure(buffer => (buffer.FullMode, buffer.Capacity) = (BackpressureFullMode.Coalesce, 2)),
        ["all of them"] = builder => builder.UseMarkdown().UseCodeBlocks().UseSmoothing().UseSentences().UseGuard(guard => guard.Rules.Add(GuardRule.Redact("world", "[w]"))).UseBackpressure(),
    };

    private static readonly ContentStarted TextStarted = new() { Index = 0, Kind = ContentKind.Text };
    private static readonly ContentCompleted TextCompleted = new() { Index = 0, Kind = ContentKind.Text };

    // Each place marked by an empty delta has none, one or two of them.
    private static readonly StreamEvent[][] Streams =
    [
        [Started(), Words(""), TextStarted, Words(""), Words("Hello wor"), Words(""), Words("ld. This\n\n```cs\nis"), new KeepAlive(), Words(""), Words(" it\n```\n"), Words(""), TextCompleted, Words(""), Completed(), Words("")],
        [Started(), TextStarted, Words(""), TextCompleted, Completed()],
        [Words("")],
        [Started(), Reasoning(""), Reasoning("Why"), Reasoning(""), Words("", 1), Words("A. B", 1), Words("", 1), Refusal("", 2), Refusal("No", 2), Refusal("", 2), Completed()],
        [Started(), Words(""), Words("1"), Words(""), new StreamRestarted { Attempt = 2, Reason = "test", Discarded = [0] }, Started("r2"), Words("", 1), Words("Two.", 1), Words("", 1), Completed()],
        [Started(), Words(""), Completed(), Started("r2"), Words(""), new StreamRestarted { Attempt = 2, Reason = "test", Discarded = [0] }, Started("r3"), Words("Hello. You", 1), Words("", 1), Completed()],
    ];

    public static TheoryData<string> Names => [.. Stages.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Stage_GivesWhatItGivesWithoutThem(string name)
    {
        foreach (var stream in Streams)
        {
            var expected = await RunAsync(name, Without(stream));
            foreach (var given in new[] { stream, Twice(stream) })
            {
                (await RunAsync(name, given)).Should().Be(expected);
            }
        }
    }

    [Fact]
    public async Task Readers_GiveWhatTheyGiveWithoutThem()
    {
        foreach (var stream in Streams)
        {
            var expected = await ReadAsync(Without(stream));
            foreach (var given in new[] { stream, Twice(stream) })
            {
                (await ReadAsync(given)).Should().Be(expected);
            }
        }
    }

    private static async Task<string> RunAsync(string name, StreamEvent[] stream)
    {
        var time = new ManualTimeProvider();
        var client = Stages[name](new StreamClientBuilder(FakeStreamClient.Of(stream)).UseTimeProvider(time)).Build();
        var (events, exception) = await Task.Run(() => time.RunAsync(client.StreamAsync(Request))).OrFail();
        exception.Should().BeNull();
        var texts = events.Where(IsText).GroupBy(streamEvent => IndexOf(streamEvent), DeltaText.Of).Select(block => $"{block.Key}: {string.Concat(block)}").Where(text => !text.EndsWith(": ", StringComparison.Ordinal));
        var findings = events.Where(streamEvent => streamEvent is TextFinding); // which come when they are ready
        return string.Join('\n', [.. texts, findings.ToLines(), events.Where(streamEvent => !IsText(streamEvent)).Except(findings).ToLines()]);
    }

    private static async Task<string> ReadAsync(StreamEvent[] stream)
    {
        List<string> read = [];
        await foreach (var sentence in FakeStreamClient.Stream(stream).ReadSentencesAsync())
        {
            read.Add($"{sentence.TextNumber} {sentence.Start} {sentence.RestartsText} {sentence.Text}");
        }

        await foreach (var spoken in FakeStreamClient.Stream(stream).ReadSpokenTextAsync())
        {
            read.Add(spoken);
        }

        await foreach (var markdownEvent in FakeStreamClient.Stream(stream).ReadMarkdownAsync())
        {
            read.Add(StreamEventJson.Serialize(new MarkdownUpdated { Update = markdownEvent }));
        }

        await foreach (var codeEvent in FakeStreamClient.Stream(stream).ReadCodeBlocksAsync())
        {
            read.Add(StreamEventJson.Serialize(new CodeBlockUpdated { Update = codeEvent }));
        }

        return string.Join('\n', read);
    }

    private static StreamEvent[] Without(StreamEvent[] stream) => [.. stream.Where(streamEvent => !(IsText(streamEvent) && DeltaText.Of(streamEvent) == ""))];

    private static StreamEvent[] Twice(StreamEvent[] stream) => [.. stream.SelectMany(streamEvent => IsText(streamEvent) && DeltaText.Of(streamEvent) == "" ? new[] { streamEvent, streamEvent } : [streamEvent])];

    private static bool IsText(StreamEvent streamEvent) => streamEvent is TextDelta or ReasoningDelta or RefusalDelta;

    private static int IndexOf(StreamEvent delta) => delta switch { TextDelta text => text.Index, ReasoningDelta reasoning => reasoning.Index, _ => ((RefusalDelta)delta).Index };
}
