using Streamline.TestSupport;

namespace Streamline.Tools.Tests;

/// <summary>Each failure of a call is reported once, whatever becomes of its stream afterwards.</summary>
public sealed class ToolFailureReportTests
{
    private readonly List<ToolFailure> _failures = [];

    [Fact]
    public async Task Failure_InAStreamThatBreaksLater_IsReportedOnce()
    {
        var source = new FakeStreamClient((_, _) => FakeStreamClient.StreamThenThrow(
            new StreamInterruptedException("The body ended", bytesReceived: 5), [Wire.Started, .. Wire.Call(0, "1", "bad"), Wire.Ended()]));
        var bad = new TestTool("bad", (_, _) => throw new InvalidOperationException());
        var client = new StreamClientBuilder(source).UseTools(new ToolSet().Add(bad, o => o.NonBlocking = true), o => o.OnToolFailure = _failures.Add).Build();

        var (events, exception) = await client.StreamAsync("hi").CatchAsync();

        exception.Should().BeOfType<StreamInterruptedException>();
        events.ErrorOf("1").Should().Be("The tool failed.");
        _failures.Should().ContainSingle().Which.Kind.Should().Be(ToolFailureKind.Exception);
    }

    [Fact]
    public async Task Timeout_OfAStreamThatIsLeftBeforeTheToolStops_IsReportedOnce()
    {
        var time = new ManualTimeProvider();
        var deaf = new GatedTool("deaf", heedsToken: false);
        var live = new LiveStream([deaf.Function], o => (o.TimeProvider, o.DefaultTimeout, o.OnToolFailure) = (time, TimeSpan.FromSeconds(5), _failures.Add));
        live.SendAll(Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "deaf")));
        await live.ReadToAsync<ResponseCompleted>();
        var run = await deaf.NextRunAsync();
        time.Advance(TimeSpan.FromSeconds(5));
        await live.ResultOfAsync("1");
        var leaving = live.DisposeAsync().AsTask();
        time.Advance(TimeSpan.FromSeconds(1));
        await leaving.OrFail();
        run.Complete();
        _failures.Select(failure => failure.Kind).Should().Equal(ToolFailureKind.TimedOut, ToolFailureKind.Abandoned);
    }
}
