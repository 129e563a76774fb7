using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests;

/// <summary>A request that forbids tools: a model that calls one anyway is told so, and nothing runs.</summary>
[Trait("Law", "3")]
public sealed class ToolModeTests
{
    private static readonly StreamEvent[] OneCall = Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "tool"));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task None_ModelCallsATool_IsNotRunAndTheModelIsTold(bool isReadOnly)
    {
        var tool = new TestTool("tool", "ran");
        var loop = Loop.Over(new ToolSet().Add(tool, options => options.ReadOnly = isReadOnly), OneCall, Wire.Answer());

        var events = await loop.RunAsync(new ChatOptions { ToolMode = ChatToolMode.None });

        tool.Calls.Should().Be(0);
        events.ErrorOf("1").Should().Be("The tool was not run: no more tool calls are allowed in this turn. Answer with what you have.");
        events.OfType<TextDelta>().Single().Text.Should().Be("done");
        loop.Source.Requests.Should().HaveCount(2).And.OnlyContain(request => request.Options!.ToolMode == ChatToolMode.None);
    }

    [Fact]
    public async Task None_SetByAHookForOneRound_HoldsForThatRound()
    {
        var tool = new TestTool("tool", "ran");
        var loop = Loop.Over(
            [tool],
            options => options.BeforeRound = (round, _) =>
            {
                round.Options.ToolMode = round.Round == 1 ? ChatToolMode.None : ChatToolMode.Auto;
                return default;
            },
            OneCall,
            Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "2", "tool")),
            Wire.Answer());

        var events = await loop.RunAsync();

        events.ResultOf("1").IsError.Should().BeTrue();
        events.ResultOf("2").IsError.Should().BeFalse();
        tool.Calls.Should().Be(1);
    }

    [Fact]
    public async Task None_ToolThatTheCallerDeclared_IsLeftToTheCaller()
    {
        var loop = Loop.Over([new TestTool("other")], OneCall);

        var events = await loop.RunAsync(new ChatOptions { ToolMode = ChatToolMode.None, Tools = [new TestTool("tool").AsDeclarationOnly()] });

        events.Should().NotContain(streamEvent => streamEvent is ToolResult);
        loop.Source.Requests.Should().ContainSingle();
    }
}
