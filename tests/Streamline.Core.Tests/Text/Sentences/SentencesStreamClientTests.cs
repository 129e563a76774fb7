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

        sentences.Select(sentence => (sentence.Text, sentence.TextNumber, sentence.RestartsText)).Should().Equal(
            ("One.", 0, false), ("New.", 0, true), ("Text", 0, false), ("Next", 1, false));
    }

    [Theory]
    [InlineData("Old one. Old two. Tex|r|hm|r|New one. |e|Next. |e", "New one./Next.")]
    [InlineData("Round one. |e|hm|r|Round two. |e", "Round one./Round two.")]
    [InlineData("Round one. |e|Bad one. x|r|hm|r|Good one. |e", "Round one./Good one.")]
    [InlineData("One. |e|e|Two. x|r|Three. |e", "One./Three.")]
    public async Task ReadSentencesAsync_RestartsAndRounds_FoldToWhatWasLeft(string stream, string expected)
    {
        StreamEvent[] events = [.. stream.Split('|').Select<string, StreamEvent>(part => part switch
        {
            "r" => new StreamRestarted { Attempt = 2, Reason = "test", Discarded = [0] },
            "e" => Completed(),
            _ => Words(part),
        })];
        List<Sentence> shown = [];
        await foreach (var sentence in FakeStreamClient.Stream(events).ReadSentencesAsync())
        {
            shown.RemoveAll(earlier => sentence.RestartsText && earlier.TextNumber == sentence.TextNumber);
            shown.Add(sentence);
        }

        string.Join('/', shown).Should().Be(expected);
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
