using System.Text.Json;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests;

/// <summary>What tools have to tell, before the reader takes it.</summary>
public sealed class ToolEventsTests : IDisposable
{
    private readonly ToolEvents _events = new(new Lock(), maxPendingProgress: 2);
    private readonly ToolCall _one = new("1", "tool", index: 0, round: 1);
    private readonly ToolCall _two = new("2", "tool", index: 1, round: 1);

    public void Dispose() => _events.Dispose();

    [Fact]
    public void TryTake_GivesEventsInTheirOrder_AndTheNewestProgress()
    {
        _events.Add(_one, Started(_one));
        for (var i = 0; i < 4; i++)
        {
            _events.AddProgress(_one, JsonSerializer.SerializeToElement(i));
        }

        _events.Add(_two, Started(_two));
        Take().Should().Equal("start 1", "1: 2", "1: 3", "start 2");
        _events.IsEmpty.Should().BeTrue();
    }

    [Fact]
    public void Remove_LeavesTheEventsOfOtherCalls()
    {
        _events.Add(_one, Started(_one));
        _events.Add(_two, Started(_two));
        _events.AddProgress(_one, JsonSerializer.SerializeToElement(1));
        _events.AddProgress(_two, JsonSerializer.SerializeToElement(2));
        _events.Remove(_one);
        Take().Should().Equal("start 2", "2: 2");
    }

    [Fact]
    public async Task WaitAsync_WokenBefore_DoesNotWait_AndOnceOnly()
    {
        _events.Wake();
        _events.Wake();
        await _events.WaitAsync(CancellationToken.None).AsTask().OrFail();
        var waiting = _events.WaitAsync(CancellationToken.None).AsTask();
        waiting.IsCompleted.Should().BeFalse();
        _events.Wake();
        await waiting.OrFail();
    }

    private static ToolExecutionStarted Started(ToolCall call) => new() { CallId = call.CallId, Name = call.Name };

    private List<string> Take()
    {
        List<string> taken = [];
        while (_events.TryTake(out var streamEvent))
        {
            taken.Add(streamEvent is ToolProgress progress ? $"{progress.CallId}: {progress.Progress}" : $"start {((ToolExecutionStarted)streamEvent).CallId}");
        }

        return taken;
    }
}
