using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests;

/// <summary>What the functions of a tool's options say to the model.</summary>
public sealed class ToolRefusalTests
{
    private const string Words = "'../x' is not a file within the working directory.";

    private static readonly StreamEvent[] OneCall = Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "tool"));

    public static TheoryData<Action<ToolOptions>> Refusing => new()
    {
        tool => tool.Locks = _ => throw new ToolErrorException(Words),
        tool => tool.Approval = ToolApproval.When(_ => throw new ToolErrorException(Words)),
    };

    [Theory]
    [MemberData(nameof(Refusing))]
    public async Task FunctionOfTheOptions_ThrowsToolErrorException_TellsTheModelItsWords(Action<ToolOptions> configure)
    {
        var tool = new TestTool("tool");

        var events = await Loop.Over(new ToolSet().Add(tool, configure), OneCall, Wire.Answer()).RunAsync();

        events.ErrorOf("1").Should().Be("The tool was not run: " + Words);
        tool.Calls.Should().Be(0);
    }

    [Fact]
    public async Task LocksOfAFileWriter_PathOutside_TellTheModelWhy()
    {
        var root = Directory.CreateTempSubdirectory("streamline-");
        try
        {
            var writer = new FileWriterTool(new FileWriterToolOptions { Root = root.FullName });
            var call = Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", writer.Name, """{"path":"../x","content":"a"}"""));

            var events = await Loop.Over(new ToolSet().Add(writer, tool => tool.Locks = writer.LockTarget), call, Wire.Answer()).RunAsync();

            events.ErrorOf("1").Should().Be("The tool was not run: " + Words);
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }
}
