using System.Text.Json;

namespace Streamline.Tests.Structured;

/// <summary>The end of an answer: of a number that a limit cut, and of a call that repeats its arguments.</summary>
public sealed class StructuredTextTests
{
    private const string Stop = """{"name":"Forum","hours":2.5,"city":"Rome"}""";

    [Theory]
    [InlineData("12", FinishReason.Length, true)]
    [InlineData("-1", FinishReason.Length, true)]
    [InlineData("1.5e1", FinishReason.Length, true)]
    [InlineData("12", FinishReason.Stop, false)]
    [InlineData("""{"value":12}""", FinishReason.Length, false)]
    public async Task Read_NumberAtTheRoot_IsTruncatedByALimit(string text, FinishReason reason, bool isTruncated)
    {
        var client = new SynchronousClient(Answers.Text(text, reason: reason));
        var reading = () => client.StreamObjectAsync("?", OddContext.Default.Double).LastAsync().AsTask();
        if (isTruncated)
        {
            (await reading.Should().ThrowAsync<StructuredOutputException>()).Which.Error.Should().Be(StructuredOutputError.Truncated);
        }
        else
        {
            (await reading()).Value.Should().Be(12);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{"name":"For""")]
    [InlineData("""{"name":"Fo" """)]
    public async Task Read_ArgumentsAtTheEndOnly_AreTheAnswer(string pieces)
    {
        var partials = await ReadAsync(Call(pieces, Stop));
        partials[^1].Value.Should().Be(JsonSerializer.Deserialize(Stop, TripContext.Default.Stop));
        partials[^1].Response.RawText.Should().Be(Stop);
    }

    [Fact]
    public async Task Read_CallThatIsNotAnnounced_IsTheAnswer()
    {
        StreamEvent[] events = [Answers.Started, new ToolCallCompleted { Index = 0, CallId = "c", Name = "Stop", ArgumentsText = Stop }, Answers.Completed(FinishReason.ToolCalls)];
        (await ReadAsync(events))[^1].Value!.Name.Should().Be("Forum");
    }

    [Fact]
    [Trait("Law", "3")]
    public async Task Read_EndThatContradictsThePieces_IsNoAnswer()
    {
        var reading = () => ReadAsync(Call(Stop, Stop.Replace("Rome", "Oslo", StringComparison.Ordinal), "The arguments at the end of the call contradict their deltas."));
        var fault = (await reading.Should().ThrowAsync<StructuredOutputException>()).Which;
        fault.Error.Should().Be(StructuredOutputError.InvalidJson);
        fault.Message.Should().Contain("contradicts");
    }

    [Fact]
    public async Task Read_ArgumentsThatNeedASafeRepair_AreTheAnswer()
    {
        var text = Stop.Replace("}", ",}", StringComparison.Ordinal);
        (await ReadAsync(Call(text, text, "The arguments are not JSON.")))[^1].Value!.City.Should().Be("Rome");
    }

    private static StreamEvent[] Call(string pieces, string whole, string? error = null) =>
    [
        Answers.Started,
        new ToolCallStarted { Index = 0, CallId = "c", Name = "Stop" },
        .. pieces.Chunk(5).Select(piece => new ToolInputDelta { Index = 0, CallId = "c", Fragment = new string(piece) }),
        new ToolCallCompleted { Index = 0, CallId = "c", Name = "Stop", ArgumentsText = whole, ParseError = error },
        Answers.Completed(FinishReason.ToolCalls),
    ];

    private static async Task<List<Partial<Stop>>> ReadAsync(StreamEvent[] events) =>
        await new SynchronousClient(events).StreamObjectAsync("?", TripContext.Default.Stop, new StructuredOutputOptions { Mode = StructuredOutputMode.ToolCall }).ToListAsync();
}
