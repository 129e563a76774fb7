using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests.Streaming;

/// <summary>Tools that give their results one after another.</summary>
public sealed class StreamedResultTests
{
    private static readonly StreamEvent[] OneCall = Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "tool"));

    [Theory]
    [InlineData(ToolStreamedResult.Last, "\"c\"")]
    [InlineData(ToolStreamedResult.All, """["a","b","c"]""")]
    public async Task Elements_AreProgress_AndTheLastOrAllTheResult(ToolStreamedResult kept, string result)
    {
        var loop = Loop.Over(new ToolSet().Add(new TestTool("tool", Stream("a", "b", "c")), o => o.StreamedResult = kept), OneCall, Wire.Answer());
        var events = await loop.RunAsync();
        events.OfType<ToolProgress>().Select(progress => progress.Progress.GetString()).Should().Equal("a", "b", "c");
        events.ResultOf("1").Result.GetRawText().Should().Be(result);
    }

    [Fact]
    public async Task ValueTypesAndJson_AreStreamedToo()
    {
        foreach (var value in new object[] { Stream(1, 2), Stream(1L, 2L), Stream(1d, 2d), Stream(1m, 2m), Stream(Wire.Json("1"), Wire.Json("2")) })
        {
            var events = await Loop.Over([new TestTool("tool", value)], OneCall, Wire.Answer()).RunAsync();
            events.OfType<ToolProgress>().Should().HaveCount(2, "of {0}", value);
            events.ResultOf("1").Result.GetRawText().Should().Be("2");
        }
    }

    [Fact]
    public async Task FactoryMadeFunction_WithStreamResults_IsStreamed()
    {
        var function = AIFunctionFactory.Create(() => Stream("a", "b"), new AIFunctionFactoryOptions { Name = "tool" }.StreamResults());
        var events = await Loop.Over([function], OneCall, Wire.Answer()).RunAsync();
        events.OfType<ToolProgress>().Should().HaveCount(2);
        events.ResultOf("1").Result.GetString().Should().Be("b");
    }

    [Fact]
    public async Task Elements_ComeAsTheyAreMade()
    {
        var gate = new TaskCompletionSource();
        await using var live = new LiveStream(new ToolSet().Add(new TestTool("tool", Gated()), o => o.ReadOnly = true));
        live.Send([Wire.Started, .. Wire.Call(0, "1", "tool")]);
        (await live.ReadToAsync<ToolProgress>()).Progress.GetString().Should().Be("first");
        gate.SetResult();
        (await live.ResultOfAsync("1")).Result.GetString().Should().Be("second");

        async IAsyncEnumerable<string> Gated()
        {
            yield return "first";
            await gate.Task;
            yield return "second";
        }
    }

    [Fact]
    public async Task NoElement_IsNull_AndAFailureIsAnError()
    {
        (await Loop.Over([new TestTool("tool", Stream<string>())], OneCall, Wire.Answer()).RunAsync()).ResultOf("1").Result.GetRawText().Should().Be("null");
        (await Loop.Over([new TestTool("tool", Failing())], OneCall, Wire.Answer()).RunAsync()).ErrorOf("1").Should().Be("Out of paper.");

        static async IAsyncEnumerable<string> Failing()
        {
            yield return "a";
            await Task.Yield();
            throw new ToolErrorException("Out of paper.");
        }
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task AllElements_PastTheLimit_AreAnError()
    {
        var set = new ToolSet().Add(new TestTool("tool", Endless()), o => o.StreamedResult = ToolStreamedResult.All);
        (await Loop.Over(set, o => o.MaxResultBytes = 100, OneCall, Wire.Answer()).RunAsync()).ErrorOf("1").Should().Contain("100 bytes");

        static async IAsyncEnumerable<int> Endless()
        {
            for (; ; )
            {
                await Task.Yield();
                yield return 1;
            }
        }
    }

    [Theory]
    [Trait("Law", "8")]
    [InlineData(10, false)]
    [InlineData(9, true)]
    public async Task AllElements_AsLargeAsTheLimit_AreTheResult(int limit, bool isError)
    {
        var set = new ToolSet().Add(new TestTool("tool", Stream(1, 22, 333)), o => o.StreamedResult = ToolStreamedResult.All);
        var result = (await Loop.Over(set, o => o.MaxResultBytes = limit, OneCall, Wire.Answer()).RunAsync()).ResultOf("1");
        result.IsError.Should().Be(isError);
        if (!isError)
        {
            result.Result.GetRawText().Should().Be("[1,22,333]").And.HaveLength(limit);
        }
    }

    [Fact]
    public async Task LastElement_AfterMoreThanTheLimit_IsTheResult()
    {
        var set = new ToolSet().Add(new TestTool("tool", Stream("one", "two", "six")), o => o.StreamedResult = ToolStreamedResult.Last);
        var result = (await Loop.Over(set, o => o.MaxResultBytes = 8, OneCall, Wire.Answer()).RunAsync()).ResultOf("1");
        result.IsError.Should().BeFalse();
        result.Result.GetString().Should().Be("six");
    }

    [Fact]
    public void StreamResults_Null_Throws() =>
        FluentActions.Invoking(() => StreamedResultExtensions.StreamResults(null!)).Should().Throw<ArgumentNullException>().WithParameterName("options");

    private static async IAsyncEnumerable<T> Stream<T>(params T[] elements)
    {
        foreach (var element in elements)
        {
            await Task.Yield();
            yield return element;
        }
    }
}
