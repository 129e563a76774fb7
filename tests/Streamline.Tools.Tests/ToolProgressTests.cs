using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests;

public sealed class ToolProgressTests
{
    [Fact]
    public async Task ReportProgress_EachForm_BecomesAnEventBetweenStartAndResult()
    {
        var tool = new GatedTool("tool");
        await using var live = new LiveStream([tool.Function]);
        live.SendAll(Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "tool")));
        live.SendAll(Wire.Answer());
        await live.ReadToAsync<ToolExecutionStarted>();
        var run = await tool.NextRunAsync();

        run.Arguments.ReportProgress("half");
        (await live.ReadToAsync<ToolProgress>()).Progress.GetString().Should().Be("half");
        run.Arguments.ReportProgress(Wire.Json("""{"percent":75}"""));
        (await live.ReadToAsync<ToolProgress>()).Progress.GetProperty("percent").GetInt32().Should().Be(75);
        run.Arguments.ReportProgress("ninety", ToolTestJson.Default.String);
        (await live.ReadToAsync<ToolProgress>()).Progress.GetString().Should().Be("ninety");
        ((IProgress<JsonElement>)run.Arguments.Context![typeof(IProgress<JsonElement>)]!).Report(Wire.Json("100"));
        var last = await live.ReadToAsync<ToolProgress>();
        (last.CallId, last.Name, last.Progress.GetInt32()).Should().Be(("1", "tool", 100));

        run.Complete();
        await live.ResultOfAsync("1");
        run.Arguments.ReportProgress("after the end");
        (await live.ReadToEndAsync()).OfType<ToolProgress>().Should().HaveCount(4);
    }

    [Fact]
    public async Task ReportProgress_WakesAReaderThatWaits()
    {
        var tool = new GatedTool("tool");
        await using var live = new LiveStream([tool.Function]);
        live.SendAll(Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "tool")));
        live.SendAll(Wire.Answer());
        await live.ReadToAsync<ToolExecutionStarted>();
        var run = await tool.NextRunAsync();
        var reading = live.ReadToAsync<ToolProgress>();
        reading.IsCompleted.Should().BeFalse();

        run.Arguments.ReportProgress("half");

        (await reading.OrFail()).Progress.GetString().Should().Be("half");
        run.Complete();
        await live.ReadToEndAsync();
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task ReportProgress_ConsumerTooSlow_DropsTheOldest()
    {
        var tool = new TestTool("tool", (arguments, _) =>
        {
            for (var i = 0; i < 1000; i++)
            {
                arguments.ReportProgress(Wire.Json($"{i}"));
            }

            return ValueTask.FromResult<object?>("ok");
        });
        var other = new GatedTool("other");
        await using var live = new LiveStream([tool, other.Function], o => (o.MaxPendingProgress, o.MaxConcurrency) = (3, 1));
        live.SendAll(Wire.Response(FinishReason.ToolCalls, [.. Wire.Call(0, "1", "tool"), .. Wire.Call(1, "2", "other")]));
        live.SendAll(Wire.Answer());
        await live.ReadToAsync<ResponseCompleted>();

        // That the second tool runs says that the first has ended, while nothing was read.
        (await other.NextRunAsync()).Complete();
        var events = await live.ReadToEndAsync();
        events.OfType<ToolProgress>().Select(progress => progress.Progress.GetInt32()).Should().Equal(997, 998, 999);
        events.FindIndex(e => e is ToolResult { CallId: "1" }).Should().BeGreaterThan(events.FindLastIndex(e => e is ToolProgress));
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task ReportProgress_TooLargeOrNoValue_IsTheToolsFault()
    {
        var tool = new TestTool("tool", (arguments, _) =>
        {
            arguments.Invoking(a => a.ReportProgress(default(JsonElement))).Should().Throw<ArgumentException>();
            arguments.Invoking(a => a.ReportProgress("123456789")).Should().Throw<StreamLimitException>().Which.LimitName.Should().Be("MaxResultBytes");
            arguments.Invoking(a => a.ReportProgress((string)null!)).Should().Throw<ArgumentNullException>();
            return ValueTask.FromResult<object?>("ok");
        });
        var loop = Loop.Over([tool], o => o.MaxResultBytes = 10, Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "tool")), Wire.Answer());
        (await loop.RunAsync()).ResultOf("1").IsError.Should().BeFalse();
    }

    [Fact]
    public void Null_IsRefused()
    {
        var none = (AIFunctionArguments)null!;
        FluentActions.Invoking(() => none.ToolCall()).Should().Throw<ArgumentNullException>().WithParameterName("arguments");
        FluentActions.Invoking(() => none.ReportProgress(Wire.Json("1"))).Should().Throw<ArgumentNullException>().WithParameterName("arguments");
        FluentActions.Invoking(() => new AIFunctionArguments().ReportProgress("x", null!)).Should().Throw<ArgumentNullException>().WithParameterName("typeInfo");
    }

    [Fact]
    public void ReportProgress_OutsideOfALoop_DoesNothing()
    {
        new AIFunctionArguments().ReportProgress("nobody listens");
        new AIFunctionArguments { Context = new Dictionary<object, object?>() }.ReportProgress("nobody listens");
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
internal sealed partial class ToolTestJson : System.Text.Json.Serialization.JsonSerializerContext;
