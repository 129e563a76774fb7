using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Analysis;

public sealed class TextAnalysisTests
{
    private static readonly ContentCompleted BlockEnd = new() { Index = 0, Kind = ContentKind.Text };

    [Fact]
    public async Task UseTextAnalysis_GivesAFindingForEachSentence_WithItsPosition()
    {
        var shown = await Client(Length, null, Started(), Words("One. Two is "), Words("longer. Thr"), Words("ee"), BlockEnd, Completed()).StreamAsync(Request).CollectAsync();

        shown.OfType<TextFinding>().Select(finding => (finding.Name, finding.Index, finding.Start, finding.Length, finding.Result!.Value.GetInt32())).Should().Equal(
            ("length", 0, 0, 4, 4), ("length", 0, 5, 14, 14), ("length", 0, 20, 5, 5));
        shown.Where(streamEvent => streamEvent is not TextFinding).ToLines().Should().Be(new StreamEvent[] { Started(), Words("One. Two is "), Words("longer. Thr"), Words("ee"), BlockEnd, Completed() }.ToLines());
        shown[^1].Should().BeOfType<ResponseCompleted>("findings come before the end of the response");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    [Trait("Law", "1")]
    public async Task Windows_InAnyPieces_AreTheSameAndTheWholeText(int size)
    {
        var text = string.Join(' ', Enumerable.Range(0, 200)) + new string('x', 50) + "👩‍👩‍👧‍👦";
        var segments = new List<TextSegment>();
        StreamEvent[] events = [Started(), .. text.Chunk(size).Select(piece => Words(new string(piece))), BlockEnd, Completed()];
        await Client((segment, _) => { lock (segments) { segments.Add(segment); } return Nothing; }, options => { options.Unit = TextAnalysisUnit.Window; options.WindowChars = 20; options.MaxConcurrency = 1; }, events)
            .StreamAsync(Request).CollectAsync();

        string.Concat(segments.Select(segment => segment.Text)).Should().Be(text);
        segments.Select(segment => segment.Start).Should().Equal(segments.Select((_, i) => (long)segments.Take(i).Sum(segment => segment.Text.Length)));
        segments.All(segment => segment.Text.Length <= 20 && !char.IsHighSurrogate(segment.Text[^1])).Should().BeTrue();
        segments.Skip(1).Select(segment => segment.Previous).Should().Equal(segments.SkipLast(1).Select(segment => segment.Text));
    }

    [Fact]
    public async Task Findings_ComeInTheOrderOfTheText_WhateverOrderTheyAreReadyIn()
    {
        var first = new TaskCompletionSource<JsonElement?>();
        var second = new TaskCompletionSource();
        var shown = await Client(
            async (segment, _) =>
            {
                if (segment.Start == 0)
                {
                    await second.Task.OrFail();
                    return Json(1);
                }

                second.TrySetResult();
                return Json(2);
            },
            null,
            Started(), Words("One. Two. "), BlockEnd, Completed()).StreamAsync(Request).CollectAsync();

        shown.OfType<TextFinding>().Select(finding => finding.Result!.Value.GetInt32()).Should().Equal(1, 2);
    }

    [Fact]
    public async Task Analyses_DoNotHoldUpTheText()
    {
        var release = new TaskCompletionSource();
        var events = Client(async (_, _) => { await release.Task.OrFail(); return Json(1); }, null, Started(), Words("One. Two"), Words(" and more"), BlockEnd, Completed())
            .StreamAsync(Request).GetAsyncEnumerator();
        for (var i = 0; i < 4; i++)
        {
            (await events.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();
            events.Current.Should().NotBeOfType<TextFinding>();
        }

        release.SetResult();
        (await events.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();
        events.Current.Should().BeOfType<TextFinding>().Which.Start.Should().Be(0);
        await events.DisposeAsync();
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task MaxPending_StopsReadingUntilTheFirstFindingIsThere()
    {
        var (read, running, most) = (0, 0, 0);
        var release = new TaskCompletionSource();
        var source = new FakeStreamClient((_, _) => Counted(Enumerable.Range(0, 50).Select(i => (StreamEvent)Words($"It is {i} o'clock. Next "))));
        async IAsyncEnumerable<StreamEvent> Counted(IEnumerable<StreamEvent> events)
        {
            foreach (var streamEvent in events)
            {
                await Task.Yield();
                read++;
                yield return streamEvent;
            }
        }

        var client = new StreamClientBuilder(source).UseTextAnalysis(
            "slow",
            async (_, _) =>
            {
                InterlockedMax(ref most, Interlocked.Increment(ref running));
                await release.Task.OrFail();
                Interlocked.Decrement(ref running);
                return Json(1);
            },
            options => (options.MaxPending, options.MaxConcurrency) = (3, 2)).Build();
        var events = client.StreamAsync(Request).GetAsyncEnumerator();
        for (var i = 0; i < 3; i++)
        {
            await events.MoveNextAsync().AsTask().OrFail();
        }

        var next = events.MoveNextAsync().AsTask();
        next.IsCompleted.Should().BeFalse("three parts wait");
        read.Should().BeLessThanOrEqualTo(4);
        release.SetResult();
        (await next.OrFail()).Should().BeTrue();
        while (await events.MoveNextAsync().AsTask().OrFail())
        {
        }

        await events.DisposeAsync();
        most.Should().BeLessThanOrEqualTo(2);
    }

    [Fact]
    public async Task FailingAnalysis_IsAFindingWithAnError_AndTheStreamGoesOn()
    {
        var failure = new FormatException("secret text");
        var shown = await Client((segment, _) => segment.Start == 0 ? throw failure : new ValueTask<JsonElement?>(Json(2)), null, Started(), Words("One. Two. "), BlockEnd, Completed()).StreamAsync(Request).CollectAsync();

        var findings = shown.OfType<TextFinding>().ToList();
        findings.Select(finding => finding.Error).Should().Equal("FormatException", null);
        findings[0].Exception.Should().BeSameAs(failure);
        StreamEventJson.Serialize(findings[0]).Should().Be("""{"type":"textFinding","name":"length","index":0,"start":0,"length":4,"error":"FormatException"}""");
        StreamEventJson.Serialize(findings[1]).Should().Be("""{"type":"textFinding","name":"length","index":0,"start":5,"length":4,"result":2}""");
        StreamEventJson.Serialize(StreamEventJson.Deserialize(StreamEventJson.Serialize(findings[1]))).Should().Be(StreamEventJson.Serialize(findings[1]));
    }

    [Fact]
    public async Task FailingAnalysis_WithFailStream_EndsTheStreamWithIt()
    {
        var (shown, exception) = await Client((_, _) => throw new FormatException("broken"), options => options.FailStream = true, Started(), Words("One. Two. "), BlockEnd, Completed()).StreamAsync(Request).CatchAsync();

        exception.Should().BeOfType<FormatException>();
        PartialResponse.TryGet(exception!, out var partial).Should().BeTrue();
        partial!.Text.Should().Be("One. Two. ");
        shown.Should().NotContain(streamEvent => streamEvent is TextFinding);
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task Cancellation_LeavesAnAnalysisThatIgnoresItsToken()
    {
        using var cancellation = new CancellationTokenSource();
        var never = new TaskCompletionSource<JsonElement?>();
        var client = new StreamClientBuilder(FakeStreamClient.Of(Started(), Words("One. Two. "), BlockEnd, Completed())).UseTextAnalysis("stuck", (_, _) =>
        {
            cancellation.Cancel();
            return new(never.Task);
        }).Build();

        var reading = async () => await client.StreamAsync(Request, cancellation.Token).CollectAsync();

        (await reading.Should().ThrowAsync<InvalidOperationException>()).WithInnerException<OperationCanceledException>();
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task Leaving_CancelsTheAnalyses()
    {
        var cancelled = new TaskCompletionSource();
        var started = new TaskCompletionSource();
        var source = FakeStreamClient.Of(Started(), Words("One. Two. "), BlockEnd, Completed());
        var client = new StreamClientBuilder(source).UseTextAnalysis("slow", async (_, token) =>
        {
            started.TrySetResult();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            }
            finally
            {
                cancelled.TrySetResult();
            }

            return null;
        }).Build();
        var events = client.StreamAsync(Request).GetAsyncEnumerator();
        await events.MoveNextAsync().AsTask().OrFail();
        await events.MoveNextAsync().AsTask().OrFail();
        await started.Task.OrFail();
        await events.DisposeAsync().AsTask().OrFail();

        await cancelled.Task.OrFail();
        source.Open.Should().Be(0);
    }

    [Fact]
    [Trait("Law", "6")]
    public async Task Restart_DropsTheFindingsOfWhatIsDiscarded()
    {
        var release = new TaskCompletionSource();
        var restarted = new StreamRestarted { Attempt = 2, Reason = "test", Discarded = [0] };
        var shown = await Client(
            async (segment, _) =>
            {
                await (segment.Text == "Old." ? release.Task.OrFail() : Task.Run(release.SetResult, CancellationToken.None));
                return Json(segment.Text.Length);
            },
            null,
            Started(), Words("Old. T"), restarted, Started(), Words("Newer. "), BlockEnd, Completed()).StreamAsync(Request).CollectAsync();

        shown.OfType<TextFinding>().Select(finding => finding.Result!.Value.GetInt32()).Should().Equal(6);
    }

    [Fact]
    public async Task Findings_AreNoPartOfTheMessage_AndPassSmoothingAndTheBridge()
    {
        var client = new StreamClientBuilder(FakeStreamClient.Of(Started(), Words("One. Two. "), BlockEnd, Completed())).UseSmoothing().UseTextAnalysis("length", Length).Build();
        var response = await client.GetResponseAsync(Request);
        response.Text.Should().Be("One. Two. ");

        var findings = 0;
        await foreach (var update in client.AsChatClient().GetStreamingResponseAsync([new ChatMessage(ChatRole.User, "hi")]))
        {
            findings += update.RawRepresentation is TextFinding ? 1 : 0;
        }

        findings.Should().Be(2);
    }

    [Fact]
    public void UseTextAnalysis_WithoutANameOrAnAnalysis_Throws()
    {
        var builder = new StreamClientBuilder(FakeStreamClient.Of());

        builder.Invoking(it => it.UseTextAnalysis("", Length)).Should().Throw<ArgumentException>();
        builder.Invoking(it => it.UseTextAnalysis("x", null!)).Should().Throw<ArgumentNullException>();
        new TextAnalysisOptions().Invoking(it => it.MaxPending = 0).Should().Throw<ArgumentOutOfRangeException>();
    }

    private static ValueTask<JsonElement?> Nothing => new((JsonElement?)null);

    private static ValueTask<JsonElement?> Length(TextSegment segment, CancellationToken cancellationToken) => new(Json(segment.Text.Length));

    private static JsonElement Json(int value) => JsonElement.Parse(value.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private static IStreamClient Client(Func<TextSegment, CancellationToken, ValueTask<JsonElement?>> analyze, Action<TextAnalysisOptions>? configure, params StreamEvent[] events) =>
        new StreamClientBuilder(FakeStreamClient.Of(events)).UseTextAnalysis("length", analyze, configure).Build();

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen && Interlocked.CompareExchange(ref most, value, seen) != seen; seen = Volatile.Read(ref most))
        {
        }
    }
}
