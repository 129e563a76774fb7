using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Continue;

public sealed class CutAnswerTests
{
    [Fact]
    public void Read_TextThatIsBeingWritten_IsWrittenOn()
    {
        var answer = Read(Reasoning("hm"), new ContentCompleted { Index = 0, Kind = ContentKind.Reasoning }, Words("one ", 3), new ContentCompleted { Index = 3, Kind = ContentKind.Text }, Words("two", 5));

        answer.Should().BeEquivalentTo(new { Text = "one two", TextBlock = 5, NextIndex = 6, HasReasoning = true, Obstacle = (string?)null });
        answer.OtherOpenBlocks.Should().BeEmpty();
    }

    [Fact]
    public void Read_CutBetweenTwoBlocks_WritesOnNone()
    {
        var answer = Read(Words("one"), new ContentCompleted { Index = 0, Kind = ContentKind.Text });

        answer.TextBlock.Should().BeNull();
        answer.NextIndex.Should().Be(1);
        answer.HasReasoning.Should().BeFalse();
    }

    [Fact]
    public void Read_BlocksThatNobodyWillEnd_AreTold()
    {
        var answer = Read(Reasoning("hm", 7), Words("one", 2), Words("two", 4));

        answer.TextBlock.Should().Be(4);
        answer.OtherOpenBlocks.Should().Equal((7, ContentKind.Reasoning), (2, ContentKind.Text));
        answer.NextIndex.Should().Be(8);
    }

    [Fact]
    public void Read_LastBlockIsReasoning_NoTextIsWrittenOn()
    {
        var answer = Read(Words("one"), new ContentStarted { Index = 1, Kind = ContentKind.RedactedReasoning });

        answer.TextBlock.Should().BeNull();
        answer.HasReasoning.Should().BeTrue();
        Read(Reasoning("one"), Reasoning("two", 1)).HasReasoning.Should().BeTrue();
        answer.OtherOpenBlocks.Should().Equal((0, ContentKind.Text), (1, ContentKind.RedactedReasoning));
    }

    [Fact]
    public void Read_NothingWasShown_HasNoText()
    {
        var answer = Read();

        answer.Should().BeEquivalentTo(new { Text = "", TextBlock = (int?)null, NextIndex = 0, Obstacle = "there is no text yet" });
        Read(Words(" \n")).Obstacle.Should().Be("there is no text yet");
    }

    [Fact]
    public void Read_WhatCannotBeContinuedByItsText_IsNamed()
    {
        Read(Words("a"), new ToolCallStarted { Index = 1, CallId = "c", Name = "t" }).Obstacle.Should().Be("the model has called a tool");
        Read(Words("a"), new ContentStarted { Index = 1, Kind = ContentKind.Text, Choice = 1 }).Obstacle.Should().Be("several answers were asked for");
        Read(Words("a"), Refusal("I", 1)).Obstacle.Should().Be("the model declined to answer");
        Read(Words("a"), new ContentStarted { Index = 1, Kind = ContentKind.ServerToolResult }).Obstacle.Should().Be("a tool of the provider has run");
        Read(Words("a"), new ContentStarted { Index = 1, Kind = ContentKind.Other }).Obstacle.Should().Be("a tool of the provider has run");
        var state = new StreamState(maxRetainedChars: 80);
        state.Apply(Words(new string('a', 30)));
        CutAnswer.Read(state).Obstacle.Should().Be("it is longer than what is kept of a response");
    }

    private static CutAnswer Read(params StreamEvent[] events)
    {
        var state = new StreamState();
        Array.ForEach(events, state.Apply);
        return CutAnswer.Read(state);
    }
}
