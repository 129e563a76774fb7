using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Sentences;

public sealed class SentencesStreamClientTests
{
    [Fact]
    public async Task UseSentences_GivesDeltasOfOneSentence_AndKeepsTheOrder()
    {
        var call = new ToolCallStarted { Index = 1, CallId = "c", Name = "f" };
        var shown = await Client(Started(), Words("One. Tw"), Words("o"), new UsageUpdated { Usage = new TokenUsage() }, Words(". Three"), call, Completed()).StreamAsync(Request).CollectAsync();

        shown.Select(Describe).Should().Equal("ResponseStarted", "One.", "UsageUpdated", " Two.", " Three", "ToolCallStarted", "ResponseCompleted");
    }

    [Fact]
    [Trait("Law", "4")]
    public async Task UseSentences_FailingStream_ShowsWhatArrived()
    {
        var client = new StreamClientBuilder(new FakeStreamClient(Fails(Interrupted(), Started(), Words("One. Tw")))).UseSentences().Build();
        var (shown, exception) = await client.StreamAsync(Request).CatchAsync();

        shown.Select(Describe).Should().Equal("ResponseStarted", "One.", " Tw");
        exception.Should().BeOfType<StreamInterruptedException>().Which.PartialResponse!.Text.Should().Be("One. Tw");
    }

    [Fact]
    [Trait("Law", "6")]
    public async Task UseSentences_RestartedStream_DropsWhatIsDiscarded()
    {
        var restarted = new StreamRestarted { Attempt = 2, Reason = "test", Discarded = [0] };
        var shown = await Client(Started(), Words("One. Tw"), restarted, Started(), Words("New. "), Completed()).StreamAsync(Request).CollectAsync();

        shown.Select(Describe).Should().Equal("ResponseStarted", "One.", "StreamRestarted", "ResponseStarted", "New.", " ", "ResponseCompleted");
    }

    [CorpusFact(Recordings.Pydantic)]
    public async Task UseSentences_RecordedStreams_FoldToTheSameMessage()
    {
        foreach (var recording in Recordings.All().Where((_, i) => i % 10 == 0))
        {
            var events = (await recording.Protocol.ReadAsync(new MemoryStream(recording.Body)).CatchAsync()).Events;
            var shown = await Client([.. events]).StreamAsync(Request).CollectAsync();

            Fold(shown).Should().Be(Fold(events), recording.File);
        }
    }

    [Fact]
    public async Task ReadSentencesAsync_RestartedStream_SaysWhatIsReplaced()
    {
        var restarted = new StreamRestarted { Attempt = 2, Reason = "test", Discarded = [0] };
        var sentences = new List<Sentence>();
        await foreach (var sentence in FakeStreamClient.Stream([Words("One. Tw"), restarted, Words("New. Text"), Completed(), Words("Next"), Completed()]).ReadSentencesAsync())
        {
            sentences.Add(sentence);
        }

        sentences.Select(sentence => (sentence.Text, sentence.TextNumber, sentence.ReplacesPreviousText)).Should().Equal(
            ("One.", 0, false), ("New.", 1, true), ("Text", 1, false), ("Next", 2, false));
    }

    private static IStreamClient Client(params StreamEvent[] events) => new StreamClientBuilder(FakeStreamClient.Of(events)).UseSentences().Build();

    private static string Describe(StreamEvent streamEvent) => streamEvent is TextDelta text ? text.Text : streamEvent.GetType().Name;

    private static string Fold(IEnumerable<StreamEvent> events)
    {
        var state = new StreamState();
        foreach (var streamEvent in events)
        {
            state.Apply(streamEvent);
        }

        return System.Text.Json.JsonSerializer.Serialize(state.ToChatResponse(), Microsoft.Extensions.AI.AIJsonUtilities.DefaultOptions);
    }
}
