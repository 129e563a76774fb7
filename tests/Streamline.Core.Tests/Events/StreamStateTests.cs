using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Tests.Events;

public sealed class StreamStateTests
{
    private static readonly Config Config = Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(20260104, 1);

    [Fact]
    public void Apply_OneResponse_GivesItsMessage()
    {
        var state = Fold(
            new ResponseStarted { Provider = "test", ResponseId = "r1", Model = "m" },
            new ContentStarted { Index = 0, Kind = ContentKind.Reasoning },
            new ReasoningDelta { Index = 0, Text = "hm" },
            new ReasoningDelta { Index = 0, Text = "m" },
            new ContentCompleted { Index = 0, Kind = ContentKind.Reasoning, Signature = "sig" },
            new ContentStarted { Index = 1, Kind = ContentKind.Text },
            new TextDelta { Index = 1, Text = "It is " },
            new TextDelta { Index = 1, Text = "warm." },
            new ContentCompleted { Index = 1, Kind = ContentKind.Text },
            new UsageUpdated { Usage = new TokenUsage { InputTokens = 10, OutputTokens = 1 } },
            new ResponseCompleted { FinishReason = FinishReason.Stop, RawFinishReason = "end_turn", Usage = new TokenUsage { InputTokens = 10, OutputTokens = 7 } });

        var response = state.ToChatResponse();

        state.IsCompleted.Should().BeTrue();
        response.Should().BeEquivalentTo(new { ResponseId = "r1", ModelId = "m", FinishReason = ChatFinishReason.Stop, Text = "It is warm." });
        response.Usage!.InputTokenCount.Should().Be(10, "usage is cumulative and never added within a response");
        response.Usage.OutputTokenCount.Should().Be(7);
        var contents = response.Messages.Should().ContainSingle().Which.Contents;
        contents[0].Should().BeOfType<TextReasoningContent>().Which.Should().BeEquivalentTo(new { Text = "hmm", ProtectedData = "sig" });
        contents[1].Should().BeOfType<TextContent>().Which.Text.Should().Be("It is warm.");
    }

    [Fact]
    public void Apply_InterleavedBlocks_KeepsThemApart()
    {
        var state = Fold(
            new ToolCallStarted { Index = 1, CallId = "b", Name = "two" },
            new ToolCallStarted { Index = 0, CallId = "a", Name = "one" },
            new ToolInputDelta { Index = 0, CallId = "a", Fragment = "{\"x\"" },
            new ToolInputDelta { Index = 1, CallId = "b", Fragment = "{" },
            new ToolInputDelta { Index = 0, CallId = "a", Fragment = ":1}" },
            new TextDelta { Index = 2, Text = "t" },
            new ToolInputDelta { Index = 1, CallId = "b", Fragment = "}" });

        state.Blocks.Select(block => (block.Index, block.Text)).Should().Equal((1, "{}"), (0, "{\"x\":1}"), (2, "t"));
    }

    [Fact]
    [Trait("Law", "3")]
    public void ToChatMessage_ToolCalls_OnlyStrictArgumentsAreArguments()
    {
        var contents = Fold(
            new ToolCallStarted { Index = 0, CallId = "good", Name = "n" },
            new ToolCallCompleted { Index = 0, CallId = "good", Name = "n", ArgumentsText = "{\"x\":1}", Arguments = JsonDocument.Parse("{\"x\":1}").RootElement },
            new ToolCallStarted { Index = 1, CallId = "bad", Name = "n" },
            new ToolCallCompleted { Index = 1, CallId = "bad", Name = "n", ArgumentsText = "{\"x\":", ParseError = "cut" },
            new ToolCallStarted { Index = 2, CallId = "open", Name = "n" },
            new ToolInputDelta { Index = 2, CallId = "open", Fragment = "{}" })
            .ToChatMessage().Contents.Cast<FunctionCallContent>().ToList();

        contents[0].Arguments!["x"].Should().BeOfType<JsonElement>().Which.GetInt32().Should().Be(1);
        contents[0].Exception.Should().BeNull();
        contents[1].Arguments.Should().BeNull();
        contents[1].Exception!.Message.Should().Be("cut");
        contents[2].Arguments.Should().BeNull("the call was never sealed");
        contents[2].Exception.Should().NotBeNull();
    }

    [Fact]
    public void ToChatResponse_TwoRounds_GivesBothWithResultsAndTheSumOfUsage()
    {
        var state = Fold(
            new ResponseStarted { Provider = "test", ResponseId = "r1" },
            new ToolCallStarted { Index = 0, CallId = "c1", Name = "n" },
            new ToolCallCompleted { Index = 0, CallId = "c1", Name = "n", ArgumentsText = "{}", Arguments = JsonDocument.Parse("{}").RootElement },
            new ResponseCompleted { FinishReason = FinishReason.ToolCalls, Usage = new TokenUsage { InputTokens = 1, OutputTokens = 2 } },
            new ToolResult { CallId = "c1", Name = "n", Result = JsonDocument.Parse("42").RootElement },
            new ResponseStarted { Provider = "test", ResponseId = "r2" },
            new TextDelta { Index = 0, Text = "done" },
            new ResponseCompleted { FinishReason = FinishReason.Stop, Usage = new TokenUsage { InputTokens = 10, OutputTokens = 20 } });

        var response = state.ToChatResponse();

        response.Messages.Select(message => message.Role).Should().Equal(ChatRole.Assistant, ChatRole.Tool, ChatRole.Assistant);
        response.Messages[1].Contents.Single().Should().BeOfType<FunctionResultContent>().Which.CallId.Should().Be("c1");
        response.Usage!.InputTokenCount.Should().Be(11);
        response.Usage.OutputTokenCount.Should().Be(22);
        state.Text.Should().Be("done", "the state speaks of the current response");
    }

    [Fact]
    [Trait("Law", "6")]
    public void Apply_StreamRestarted_DiscardsTheCurrentResponseOnly()
    {
        var response = Fold(
            new ResponseStarted { Provider = "test", ResponseId = "r1" },
            new TextDelta { Index = 0, Text = "first" },
            new ResponseCompleted { FinishReason = FinishReason.Stop, Usage = new TokenUsage { OutputTokens = 1 } },
            new ResponseStarted { Provider = "test", ResponseId = "r2" },
            new TextDelta { Index = 0, Text = "lost" },
            new ToolResult { CallId = "c1", Name = "n", Result = JsonDocument.Parse("1").RootElement },
            new UsageUpdated { Usage = new TokenUsage { OutputTokens = 100 } },
            new StreamRestarted { Attempt = 2, Reason = "x", Discarded = [0] },
            new ResponseStarted { Provider = "test", ResponseId = "r3" },
            new TextDelta { Index = 0, Text = "second" },
            new ResponseCompleted { FinishReason = FinishReason.Stop, Usage = new TokenUsage { OutputTokens = 2 } }).ToChatResponse();

        response.Messages.Select(message => message.Text).Should().Equal("first", "second");
        response.Usage!.OutputTokenCount.Should().Be(3);
        response.ResponseId.Should().Be("r3");
    }

    [Fact]
    [Trait("Law", "8")]
    public void Apply_PastTheRetention_KeepsABeginningWithoutHoles()
    {
        var state = new StreamState(StreamState.BlockCost + 5);
        foreach (var text in new[] { "abc", "defg", "h" })
        {
            state.Apply(new TextDelta { Index = 0, Text = text });
        }

        state.Text.Should().Be("abc");
        state.IsRetentionExceeded.Should().BeTrue();
    }

    [Fact]
    [Trait("Law", "6")]
    [Trait("Law", "8")]
    public void Apply_RestartPastTheRetention_GivesTheDiscardedRoomBack()
    {
        var state = new StreamState(StreamState.BlockCost + 5);
        state.ApplyAll(new TextDelta { Index = 0, Text = "abc" }, new TextDelta { Index = 0, Text = "defg" });

        state.ApplyAll(new StreamRestarted { Attempt = 2, Reason = "x", Discarded = [0] }, new TextDelta { Index = 0, Text = "12345" });

        state.Text.Should().Be("12345");
        state.IsRetentionExceeded.Should().BeFalse();
    }

    [Fact]
    [Trait("Law", "8")]
    public void Apply_ArgumentsThatComeWhole_CountAsRetained()
    {
        var state = new StreamState((3 * (StreamState.BlockCost + 3)) + 10);
        for (var i = 0; i < 3; i++)
        {
            state.Apply(new ToolCallStarted { Index = i, CallId = "c" + i, Name = "n" });
        }

        for (var i = 0; i < 3; i++)
        {
            state.Apply(new ToolCallCompleted { Index = i, CallId = "c" + i, Name = "n", ArgumentsText = "{\"a\":1}", Arguments = JsonDocument.Parse("{\"a\":1}").RootElement });
        }

        state.Blocks.Select(block => block.Text).Should().Equal("{\"a\":1}", "", "");
        state.Blocks.Should().OnlyContain(block => block.IsCompleted);
        state.IsRetentionExceeded.Should().BeTrue();
    }

    [Fact]
    [Trait("Law", "8")]
    public void Apply_FloodPastTheRetention_KeepsNoBlockAndNoValueOfIt()
    {
        var value = JsonDocument.Parse("[1234567890]").RootElement;
        var state = new StreamState(StreamState.BlockCost + 20);
        for (var i = 0; i < 5; i++)
        {
            state.ApplyAll(
                new ContentStarted { Index = i, Kind = ContentKind.Other },
                new CitationAdded { Index = i, Citation = value },
                new ContentCompleted { Index = i, Kind = ContentKind.Other, Raw = value },
                new ToolResult { CallId = "c" + i, Name = "n", Result = value },
                new ProviderMetadata { Name = "m" + i, Value = value });
        }

        state.Blocks.Should().ContainSingle().Which.Raw.Should().BeNull();
        state.Blocks[0].Citations.Should().ContainSingle();
        state.ToChatResponse().AdditionalProperties.Should().BeNull();
        state.IsRetentionExceeded.Should().BeTrue();
    }

    [Fact]
    [Trait("Law", "6")]
    public void Apply_Restart_DropsTheMetadataOfTheBrokenAttemptOnly()
    {
        var value = JsonDocument.Parse("1").RootElement;
        var state = new StreamState().ApplyAll(
            new ResponseStarted { Provider = "p" },
            new ProviderMetadata { Name = "first", Value = value },
            new ResponseStarted { Provider = "p" },
            new ProviderMetadata { Name = "broken", Value = value });

        state.Apply(new StreamRestarted { Attempt = 2, Reason = "x", Discarded = [] });

        state.ToChatResponse().AdditionalProperties!.Keys.Should().Equal("first");
    }

    [Fact]
    [Trait("Law", "8")]
    public void Apply_ArgumentsThatCameInDeltas_AreCountedOnce()
    {
        var state = new StreamState(StreamState.BlockCost + 2 + 7);
        state.ApplyAll(new ToolCallStarted { Index = 0, CallId = "c", Name = "n" }, new ToolInputDelta { Index = 0, CallId = "c", Fragment = "{\"a\":1}" });

        state.Apply(new ToolCallCompleted { Index = 0, CallId = "c", Name = "n", ArgumentsText = "{\"a\":1}", Arguments = JsonDocument.Parse("{\"a\":1}").RootElement });

        state.Blocks.Single().Arguments.Should().NotBeNull();
        state.IsRetentionExceeded.Should().BeFalse();
    }

    [Fact]
    [Trait("Law", "11")]
    public void Apply_AnyEventsInAnyOrder_NeverThrowsAndReadsTheSameFromJson()
    {
        var sequences = Gen.Choose(0, 40)
            .SelectMany(n => Gen.ListOf(Gen.OneOf(EventGenerators.ByType.Values), n))
            .Select(events => events.ToArray())
            .ToArbitrary();
        Check.One(Config, Prop.ForAll(sequences, events =>
        {
            var replayed = events.Select(e => StreamEventJson.Deserialize(StreamEventJson.Serialize(e))).ToArray();

            Describe(Fold(replayed)).Should().Be(Describe(Fold(events)));
            return true;
        }));
    }

    [Fact]
    public void Arguments_Wrong_Throw()
    {
        FluentActions.Invoking(() => new StreamState(-1)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new StreamState().Apply(null!)).Should().Throw<ArgumentNullException>();
    }

    private static StreamState Fold(params StreamEvent[] events)
    {
        var state = new StreamState();
        foreach (var streamEvent in events)
        {
            state.Apply(streamEvent);
        }

        return state;
    }

    private static string Describe(StreamState state)
    {
        var response = state.ToChatResponse();
        var contents = response.Messages.SelectMany(message => message.Contents.Select(content => $"{message.Role} {content.GetType().Name} {content}"));
        var blocks = state.Blocks.Select(block => $"{block.Index} {block.Kind} {block.CallId} {block.Text} {block.IsCompleted} {block.Citations.Count}");
        return string.Join('\n', [.. contents, .. blocks, $"{response.Usage?.InputTokenCount} {response.Usage?.OutputTokenCount} {response.FinishReason}"]);
    }
}
