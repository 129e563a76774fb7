using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Texts;

public sealed class TextViewTests
{
    [Fact]
    public async Task UseMarkdown_ReportsBehindTheTextThatDecides()
    {
        var shown = await Markdown(Started(), Words("# A\n"), new UsageUpdated { Usage = new TokenUsage() }, Words("b"), Completed()).StreamAsync(Request).CollectAsync();

        shown.Select(Describe).Should().Equal(
            "ResponseStarted", "# A\n", "<BlockOpened 0>", "<BlockText 0>", "<BlockClosed 0>", "UsageUpdated", "b", "<BlockOpened 1>", "<BlockText 1>", "<BlockClosed 1>", "ResponseCompleted");
    }

    [Fact]
    public async Task UseCodeBlocks_ReportsTheCodeAlone()
    {
        var shown = await Code(Started(), Words("Text.\n```cs A.cs\nclass A;\n"), Words("```\nMore."), Completed()).StreamAsync(Request).CollectAsync();

        shown.OfType<CodeBlockUpdated>().Select(updated => updated.Update switch
        {
            CodeBlockStarted started => started.Info.FileName,
            CodeBlockDelta delta => delta.Text,
            CodeBlockEnded ended => ended.IsComplete.ToString(),
            _ => "?",
        }).Should().Equal("A.cs", "class A;\n", "True");
    }

    [CorpusFact(Recordings.Pydantic)]
    [Trait("Law", "1")]
    public async Task UseTextViews_RecordedStreams_ReportWhatTheReadersRead()
    {
        foreach (var recording in Recordings.All().Where((_, i) => i % 10 == 0))
        {
            var events = (await recording.Protocol.ReadAsync(new MemoryStream(recording.Body)).CatchAsync()).Events;
            var shown = await Markdown([.. events]).StreamAsync(Request).CollectAsync();
            var code = await Code([.. events]).StreamAsync(Request).CollectAsync();

            shown.Where(e => e is not MarkdownUpdated).Should().Equal(events, recording.File);
            code.Where(e => e is not CodeBlockUpdated).Should().Equal(events, recording.File);
            shown.OfType<MarkdownUpdated>().Select(Line).Should().Equal(await LinesAsync(FakeStreamClient.Stream([.. events]).ReadMarkdownAsync(), e => Line(new MarkdownUpdated { Update = e })), recording.File);
            code.OfType<CodeBlockUpdated>().Select(Line).Should().Equal(
                (await LinesAsync(FakeStreamClient.Stream([.. events]).ReadCodeBlocksAsync(), e => e is CodeBlockDelta { Id: null } ? "" : Line(new CodeBlockUpdated { Update = e }))).Where(line => line.Length > 0), recording.File);
        }
    }

    [Fact]
    [Trait("Law", "4")]
    public async Task UseMarkdown_FailingStream_ClosesWhatIsOpen()
    {
        var client = new StreamClientBuilder(new FakeStreamClient(Fails(Interrupted(), Started(), Words("```\ncode")))).UseMarkdown().Build();
        var (shown, exception) = await client.StreamAsync(Request).CatchAsync();

        shown[^1].Should().BeOfType<MarkdownUpdated>().Which.Update.Should().BeOfType<MarkdownBlockClosed>().Which.IsComplete.Should().BeFalse();
        exception.Should().BeOfType<StreamInterruptedException>().Which.PartialResponse!.Text.Should().Be("```\ncode");
    }

    [Fact]
    [Trait("Law", "6")]
    public async Task UseMarkdown_RestartedStream_SaysWhatIsVoid()
    {
        var restarted = new StreamRestarted { Attempt = 2, Reason = "test", Discarded = [0] };
        var shown = await Markdown(Started(), Words("One"), Completed(), Started(), Words("Tw"), restarted, Started(), Words("Two"), Completed()).StreamAsync(Request).CollectAsync();

        shown.Select(Describe).Should().Equal(
            "ResponseStarted", "One", "<BlockOpened 0>", "<BlockText 0>", "<BlockClosed 0>", "ResponseCompleted",
            "ResponseStarted", "Tw", "<BlockOpened 1>", "<BlockText 1>", "StreamRestarted", "<BlockClosed 1>", "<Restarted 1>",
            "ResponseStarted", "Two", "<BlockOpened 2>", "<BlockText 2>", "<BlockClosed 2>", "ResponseCompleted");
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task UseMarkdown_TextPastALimit_FailsAfterWhatWasDecided()
    {
        var client = new StreamClientBuilder(FakeStreamClient.Of(Started(), Words("# A\n" + new string('b', 100)), Completed())).UseMarkdown(options => options.MaxBlockChars = 50).Build();
        var (shown, exception) = await client.StreamAsync(Request).CatchAsync();

        shown.Select(Describe).Should().Contain("<BlockClosed 0>");
        exception.Should().BeOfType<StreamLimitException>();
    }

    [Fact]
    public async Task UseMarkdown_OtherChoices_AreNotRead()
    {
        var other = new ContentStarted { Index = 1, Kind = ContentKind.Text, Choice = 1 };
        var shown = await Markdown(Started(), other, new TextDelta { Index = 1, Text = "# Other\n" }, Words("One"), Completed()).StreamAsync(Request).CollectAsync();

        shown.OfType<MarkdownUpdated>().Select(updated => updated.Update).OfType<MarkdownBlockText>().Select(text => text.Text).Should().Equal("One");

        // In the next response, the index is that of another block.
        var two = await Markdown(Started(), other, Words("One"), Completed(), Started(), new TextDelta { Index = 1, Text = "Two" }, Completed()).StreamAsync(Request).CollectAsync();
        two.OfType<MarkdownUpdated>().Select(updated => updated.Update).OfType<MarkdownBlockText>().Select(text => text.Text).Should().Equal("One", "Two");
    }

    [Fact]
    [Trait("Finding", "BadInput")]
    public void Build_ViewInsideOfTheGuard_IsRejected()
    {
        var builder = new StreamClientBuilder(FakeStreamClient.Of()).UseGuard(guard => guard.Rules.Add(GuardRule.Block("x", "why"))).UseMarkdown();

        FluentActions.Invoking(() => builder.Build()).Should().Throw<InvalidOperationException>()
            .WithMessage("UseGuard is outside of UseMarkdown and UseCodeBlocks: the structure of the text would be shown before the text is checked. Add the middleware in this order, outermost first: UseMarkdown and UseCodeBlocks, UseGuard.");
    }

    private static IStreamClient Markdown(params StreamEvent[] events) => new StreamClientBuilder(FakeStreamClient.Of(events)).UseMarkdown().Build();

    private static IStreamClient Code(params StreamEvent[] events) => new StreamClientBuilder(FakeStreamClient.Of(events)).UseCodeBlocks().Build();

    private static string Line(StreamEvent streamEvent) => StreamEventJson.Serialize(streamEvent);

    private static async Task<List<string>> LinesAsync<T>(IAsyncEnumerable<T> events, Func<T, string> line)
    {
        List<string> lines = [];
        await foreach (var e in events)
        {
            lines.Add(line(e));
        }

        return lines;
    }

    private static string Describe(StreamEvent streamEvent) => streamEvent switch
    {
        TextDelta text => text.Text,
        MarkdownUpdated { Update: MarkdownBlockOpened e } => $"<BlockOpened {e.Id}>",
        MarkdownUpdated { Update: MarkdownBlockText e } => $"<BlockText {e.Id}>",
        MarkdownUpdated { Update: MarkdownBlockClosed e } => $"<BlockClosed {e.Id}>",
        MarkdownUpdated { Update: MarkdownRestarted e } => $"<Restarted {e.FirstDiscardedId}>",
        _ => streamEvent.GetType().Name,
    };
}
