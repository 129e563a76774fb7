using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Tests.Events;

/// <summary>Calls without a result when a stream is left: a conversation with them is refused by every provider.</summary>
[Trait("Law", "13")]
public sealed class StreamStateOpenCallTests
{
    private static readonly JsonElement One = JsonDocument.Parse("1").RootElement;

    [Fact]
    [Trait("Finding", "B1")]
    public void ToPartialResponse_OpenCalls_AreClosedByErrorsThatSayWhatHappened()
    {
        var state = new StreamState().ApplyAll(
            new ResponseStarted { Provider = "test", ResponseId = "r" },
            Call(0, "done"), Sealed(0, "done"),
            Call(1, "started"), Sealed(1, "started"),
            Call(2, "waiting"), Sealed(2, "waiting"),
            Call(3, "cut"),
            new ToolExecutionStarted { CallId = "done", Name = "n" },
            new ToolExecutionStarted { CallId = "started", Name = "n" },
            new ToolResult { CallId = "done", Name = "n", Result = One });

        var messages = state.ToPartialResponse().Messages;

        messages.Select(message => message.Role).Should().Equal(ChatRole.Assistant, ChatRole.Tool);
        var results = messages[1].Contents.Cast<FunctionResultContent>().ToList();
        results.Select(result => result.CallId).Should().Equal("done", "started", "waiting", "cut");
        results[0].Result.Should().BeEquivalentTo(One);
        results.Skip(1).Select(result => (string)result.Result!).Should().SatisfyRespectively(
            text => text.Should().StartWith("The tool had started"),
            text => text.Should().Contain("before it started"),
            text => text.Should().Contain("before its arguments were complete"));
        results.Select(result => result.AdditionalProperties?.ContainsKey("streamline.isError") ?? false).Should().Equal(false, true, true, true);
    }

    [Fact]
    public void ToChatResponse_ProperEnd_LeavesTheCallsOfTheCallerOpen()
    {
        var state = new StreamState().ApplyAll(Call(0, "callers"), Sealed(0, "callers"), Call(1, "started"), Sealed(1, "started"));
        Results(state.ToChatResponse()).Should().Equal(["callers", "started"], "the response has not ended");

        state.ApplyAll(new ResponseCompleted { FinishReason = FinishReason.ToolCalls }, new ToolExecutionStarted { CallId = "started", Name = "n" });

        Results(state.ToChatResponse()).Should().Equal("started");
        state.ToRoundMessages().Should().BeEquivalentTo(state.ToChatResponse().Messages);
        Results(state.ToPartialResponse()).Should().Equal("callers", "started");
    }

    [Fact]
    public void ToPartialResponse_CallThatTheProviderRuns_IsLeftToIt()
    {
        var state = new StreamState().ApplyAll(new ToolCallStarted { Index = 0, CallId = "search", Name = "web_search", IsProviderExecuted = true });

        Results(state.ToPartialResponse()).Should().BeEmpty();
    }

    [Fact]
    public void SetResultContents_StandsInPlaceOfTheJson()
    {
        AIContent[] contents = [new DataContent(new byte[] { 1 }, "image/png")];
        var state = new StreamState().ApplyAll(Call(0, "c"), Sealed(0, "c"));
        state.SetResultContents("c", contents);
        state.Apply(new ToolResult { CallId = "c", Name = "n", Result = One });

        state.ToRoundMessages()[1].Contents.Should().ContainSingle().Which.Should().BeOfType<FunctionResultContent>().Which.Result.Should().BeSameAs(contents);
        state.Apply(new StreamRestarted { Attempt = 2, Reason = "x", Discarded = [0] });
        state.ToRoundMessages().Should().BeEmpty();
    }

    [Fact]
    [Trait("Law", "8")]
    public void Retention_IsPerResponse_AndTheStateRemembersThatOneWasCut()
    {
        var state = new StreamState(StreamState.BlockCost + 5);
        state.ApplyAll(
            new ResponseStarted { Provider = "p" }, new TextDelta { Index = 0, Text = "12345" },
            new ResponseStarted { Provider = "p" }, new TextDelta { Index = 0, Text = "67890" });
        state.IsRetentionExceeded.Should().BeFalse();
        FluentActions.Invoking(state.ThrowIfRetentionExceeded).Should().NotThrow();

        state.ApplyAll(new TextDelta { Index = 0, Text = "!" }, new ResponseStarted { Provider = "p" }, new TextDelta { Index = 0, Text = "abc" });

        state.Text.Should().Be("abc");
        state.IsRetentionExceeded.Should().BeTrue("the conversation has a hole");
        FluentActions.Invoking(state.ThrowIfRetentionExceeded).Should().Throw<StreamLimitException>().Which.LimitName.Should().Be("MaxRetainedChars");
    }

    private static ToolCallStarted Call(int index, string id) => new() { Index = index, CallId = id, Name = "n" };

    private static ToolCallCompleted Sealed(int index, string id) =>
        new() { Index = index, CallId = id, Name = "n", ArgumentsText = "{}", Arguments = JsonDocument.Parse("{}").RootElement };

    private static IEnumerable<string> Results(ChatResponse response) =>
        response.Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Select(result => result.CallId);
}
