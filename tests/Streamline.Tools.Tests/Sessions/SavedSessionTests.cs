using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests.Sessions;

public sealed class SavedSessionTests
{
    private readonly LiveModel _model = new();

    [Theory]
    [InlineData("""{"version":2}""", "The saved session has version 2, expected 1.")]
    [InlineData("{}", "The text is not a saved session: it has no member 'version'.")]
    [InlineData("hello", "The text is not a saved session: 'h' is an invalid start of a value.*")]
    [InlineData("", "The text is not a saved session: The input does not contain any JSON tokens.*")]
    [InlineData("[1]", "The text is not a saved session: found a value of kind Array, expected an object with the member 'version'.")]
    [InlineData("""{"version":1,"turns":1,"usage":{},"messages":[""", "The text is not a saved session: Expected depth to be zero*")]
    [InlineData("""{"version":"1"}""", "The text is not a saved session: The requested operation requires an element of type 'Number'*")]
    [InlineData("""{"version":1,"turns":1,"usage":7,"messages":[],"pending":[]}""", "The text is not a saved session: The JSON value could not be converted*")]
    [InlineData("""{"version":1,"turns":-1,"usage":{},"messages":[],"pending":[]}""", "The saved session has -1 turns, expected 0 or more.")]
    [InlineData("""{"version":1,"turns":1,"usage":{},"messages":[null],"pending":[]}""", "A message of the saved session is null.")]
    [InlineData("""{"version":1,"turns":1,"usage":{},"messages":[],"pending":[{"kind":"No","message":{}}]}""", "A message of the saved session has the kind \"No\", which is unknown.")]
    public void Restore_WhatCannotBe_SaysWhatWasFound(string json, string message) =>
        FluentActions.Invoking(() => StreamSession.Restore(_model.Client, json)).Should().Throw<JsonException>().WithMessage(message);

    [Fact]
    public async Task Restore_BeforeTheFirstTurn_IsAsNew()
    {
        await using var session = new StreamSession(_model.Client);
        await using var restored = StreamSession.Restore(_model.Client, session.Save());
        restored.Snapshot.Should().Match<SessionSnapshot>(snapshot => snapshot.Turn == 0 && snapshot.Messages.Count == 0 && !snapshot.IsRunning);
        restored.Continue().Should().BeFalse("no message waits");
    }

    [Fact]
    public async Task Restore_KeepsTurnsAndTokens_AndCountsOn()
    {
        await using var session = new StreamSession(_model.Client);
        await AnswerAsync(session, tokens: 10);
        await using var restored = StreamSession.Restore(_model.Client, session.Save());
        restored.Snapshot.Usage.InputTokenCount.Should().Be(10);
        await AnswerAsync(restored, tokens: 5);
        restored.Snapshot.Usage.InputTokenCount.Should().Be(15);
        restored.Snapshot.Turn.Should().Be(2);
    }

    [Fact]
    public async Task Snapshot_OfATurnThatRuns_CountsItsTokens_AndAnswersItsCalls()
    {
        await using var session = new StreamSession(_model.Client);
        await AnswerAsync(session, tokens: 10);
        var turn = session.SendAsync("more");
        var response = await _model.NextAsync();
        response.Send([Wire.Started, .. Wire.Call(0, "c", "search"), Usage(7), Wire.Text("seen", index: 1)]);
        await foreach (var sessionEvent in session.ObserveAsync())
        {
            if (session.Snapshot.Messages.Any(message => message.Text == "seen"))
            {
                break;
            }
        }

        var snapshot = session.Snapshot;
        snapshot.Usage.InputTokenCount.Should().Be(17);
        snapshot.IsRunning.Should().BeTrue();
        snapshot.Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Should().ContainSingle().Which.CallId.Should().Be("c");
        response.Send(Wire.Ended(FinishReason.Stop));
        response.End();
        await turn.OrFail();
    }

    [Fact]
    [Trait("Law", "13")]
    public async Task Snapshot_WhileAToolRuns_AnswersItsCall()
    {
        var tool = new GatedTool("search");
        await using var session = new StreamSession(new StreamClientBuilder(_model.Client).UseTools(tool.Function).Build());
        var turn = session.SendAsync("find");
        var response = await _model.NextAsync();
        response.Send(Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "c", "search")));
        response.End();
        var run = await tool.NextRunAsync();
        await foreach (var sessionEvent in session.ObserveAsync())
        {
            if (sessionEvent is SessionStreamEvent { Event: ToolExecutionStarted } || session.Snapshot.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Any())
            {
                break;
            }
        }

        session.Snapshot.Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Should().ContainSingle().Which.CallId.Should().Be("c");
        run.Complete("found");
        (await _model.NextAsync()).Answer("here");
        await turn.OrFail();
    }

    [Fact]
    public void Restore_NoText_Throws() => FluentActions.Invoking(() => StreamSession.Restore(_model.Client, null!)).Should().Throw<ArgumentNullException>().WithParameterName("json");

    private static UsageUpdated Usage(long tokens) => new() { Usage = new TokenUsage { InputTokens = tokens } };

    private async Task AnswerAsync(StreamSession session, long tokens)
    {
        var turn = session.SendAsync("hi");
        var response = await _model.NextAsync();
        response.Send(Wire.Started, Wire.Text("hello"), Usage(tokens), Wire.Ended(FinishReason.Stop));
        response.End();
        await turn.OrFail();
    }
}
