using System.Text.Json;

namespace Streamline.Tests.Structured;

/// <summary>What comes with a value: usage, finish reason, reasoning and raw text.</summary>
public sealed class StructuredResponseTests
{
    private const string Json = """{"entries":[],"summary":"x"}""";

    private static readonly TokenUsage Usage = new() { InputTokens = 10, OutputTokens = 5 };

    [Fact]
    public async Task Response_OfTheResult_HasWhatTheProviderSaid()
    {
        var last = await new SynchronousClient(Events($"```json\n{Json}\n```")).StreamObjectAsync("?", PlanContext.Default.Log).LastAsync();
        last.Response.Should().BeEquivalentTo(new
        {
            ResponseId = "r1",
            Model = "m1",
            FinishReason = FinishReason.Stop,
            RawFinishReason = "end_turn",
            Usage,
            Reasoning = "Let me think.",
            RawText = $"```json\n{Json}\n```",
        });
        last.Response.Should().BeSameAs(last.Response);
    }

    [Fact]
    public async Task Response_WhileItGrows_HasWhatHadArrived()
    {
        var partials = await new SynchronousClient(Events(Json)).StreamObjectAsync("?", PlanContext.Default.Log).ToListAsync();
        partials.SkipLast(1).Select(partial => partial.Response.RawText).Should().Equal(Enumerable.Range(1, Json.Length).Select(length => Json[..length]));
        partials[0].Response.Reasoning.Should().Be("Let me think.");
        partials[0].Response.FinishReason.Should().BeNull();
        partials[0].Response.Usage.Should().BeNull();
    }

    [Theory]
    [InlineData("""{"entries":[],"summ""", FinishReason.Length, StructuredOutputError.Truncated)]
    [InlineData("""{"entries":5,"summary":"x"}""", FinishReason.Stop, StructuredOutputError.InvalidValue)]
    [InlineData("I cannot answer.", FinishReason.Stop, StructuredOutputError.InvalidJson)]
    [InlineData("I cannot answer.", FinishReason.Refusal, StructuredOutputError.Refused)]
    public async Task Response_OfTheException_HasWhatTheProviderSaid(string text, FinishReason reason, StructuredOutputError error)
    {
        var (_, fault) = await Reading.FailAsync(Events(text, reason), PlanContext.Default.Log);
        fault.Error.Should().Be(error);
        fault.Response.Should().BeEquivalentTo(new { FinishReason = reason, Usage, Reasoning = "Let me think.", RawText = text });
    }

    [Fact]
    public async Task Response_OfAToolCall_HasTheArgumentsAsRawText()
    {
        var options = new StructuredOutputOptions { Mode = StructuredOutputMode.ToolCall, SchemaName = "answer" };
        var last = await new SynchronousClient(Answers.Call("answer", Json)).StreamObjectAsync("?", PlanContext.Default.Log, options).LastAsync();
        last.Response.RawText.Should().Be(Json);

        var (_, fault) = await Reading.FailAsync(Answers.Text("No tool for me."), PlanContext.Default.Log, options);
        fault.Response!.RawText.Should().Be("No tool for me.");
    }

    [Fact]
    public async Task Response_OfSeveralResponses_SumsTheirUsage()
    {
        var client = new SynchronousClient([.. Events("Let me look.", FinishReason.ToolCalls), .. Events(Json)]);
        var last = await client.StreamObjectAsync("?", PlanContext.Default.Log).LastAsync();
        last.Response.Usage.Should().Be(new TokenUsage { InputTokens = 20, OutputTokens = 10 });
        last.Response.RawText.Should().Be(Json);
        last.Response.Reasoning.Should().Be("Let me think.");
        last.Restarts.Should().Be(1);
    }

    [Fact]
    public async Task Response_AfterADiscardedAttempt_HasOnlyTheNewOne()
    {
        var restarted = new StreamRestarted { Attempt = 2, Reason = "it broke", Discarded = [0] };
        var client = new SynchronousClient([.. Events("""{"entr""")[..^1], restarted, .. Events(Json)]);
        var last = await client.StreamObjectAsync("?", PlanContext.Default.Log).LastAsync();
        last.Response.Usage.Should().Be(Usage);
        last.Response.RawText.Should().Be(Json);
    }

    [Fact]
    public async Task Response_OfItems_IsOnTheException()
    {
        var reading = () => new SynchronousClient(Events("""[{"id":1,"text":"a"},{"id":"x"}]""")).StreamItemsAsync("?", PlanContext.Default.LogEntry).ToListAsync().AsTask();
        (await reading.Should().ThrowAsync<StructuredOutputException>()).Which.Response!.Reasoning.Should().Be("Let me think.");
    }

    private static StreamEvent[] Events(string text, FinishReason reason = FinishReason.Stop) =>
    [
        new ResponseStarted { Provider = "test", ResponseId = "r1", Model = "m1" },
        new ReasoningDelta { Index = 0, Text = "Let me " },
        new ReasoningDelta { Index = 0, Text = "think." },
        .. Answers.Texts(text, 1, index: 1),
        new UsageUpdated { Usage = Usage },
        new ResponseCompleted { FinishReason = reason, RawFinishReason = "end_turn" },
    ];
}
