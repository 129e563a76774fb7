using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Cache;

/// <summary>Who may join a stream that several read, and what is kept for the slowest of them.</summary>
public sealed class SharedStreamTests
{
    [Fact]
    public async Task LeaveAsync_OnlyTheLastOne_EndsTheStream()
    {
        var stream = new SharedStream(1000);
        var (first, second) = (stream.TryJoin()!, stream.TryJoin()!);
        Start(stream, Started(), Completed());

        (await stream.LeaveAsync(first)).Should().BeFalse();
        (await stream.ReadAsync(second, CancellationToken.None)).Should().BeOfType<ResponseStarted>();
        (await stream.LeaveAsync(second)).Should().BeTrue();
    }

    [Fact]
    public async Task TryJoin_WhileTheLastOneLeaves_IsTooLate()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var stream = new SharedStream(1000);
        var reader = stream.TryJoin()!;
        stream.Start(token => SlowToCloseAsync(gate.Task).GetAsyncEnumerator(token), _ => Task.CompletedTask, _ => { });
        var leaving = stream.LeaveAsync(reader).AsTask();

        leaving.IsCompleted.Should().BeFalse("the source is being closed");
        stream.TryJoin().Should().BeNull();
        gate.SetResult();
        (await leaving.OrFail()).Should().BeTrue();
    }

    [Fact]
    public async Task TryJoin_StreamHasEnded_IsTooLate()
    {
        var stream = new SharedStream(1000);
        var reader = stream.TryJoin()!;
        Start(stream, Started());

        stream.TryJoin().Should().BeNull();
        (await ReadAllAsync(stream, reader)).Should().ContainSingle();
        await stream.LeaveAsync(reader);
    }

    [Theory]
    [Trait("Law", "8")]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public async Task TryJoin_MoreThanIsKept_IsTooLate(int more, bool isTooLate)
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var size = EventSize.Of(Words("aaaa")) + StreamState.BlockCost;
        var stream = new SharedStream((2 * (int)size) - more);
        var reader = stream.TryJoin()!;
        stream.Start(token => ThenWaitAsync(gate.Task, Words("aaaa"), Words("aaaa")).GetAsyncEnumerator(token), _ => Task.CompletedTask, _ => { });

        (stream.TryJoin() is null).Should().Be(isTooLate);
        gate.SetResult();
        await ReadAllAsync(stream, reader);
        await stream.LeaveAsync(reader);
    }

    [Fact]
    public async Task TryJoin_FarMoreThanIsKept_StaysTooLate()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var stream = new SharedStream(1);
        var reader = stream.TryJoin()!;
        stream.Start(token => ThenWaitAsync(gate.Task, Words("a"), Words("b")).GetAsyncEnumerator(token), _ => Task.CompletedTask, _ => { });

        stream.TryJoin().Should().BeNull();
        gate.SetResult();
        (await ReadAllAsync(stream, reader)).Should().HaveCount(2);
        await stream.LeaveAsync(reader);
    }

    [Fact]
    public async Task ReadAsync_PastTheBound_TheSlowestReaderMissesNothing()
    {
        var stream = new SharedStream(1);
        var (fast, slow) = (stream.TryJoin()!, stream.TryJoin()!);
        Start(stream, [.. Enumerable.Range(0, 100).Select(i => (StreamEvent)Words("a", i))]);
        for (var i = 0; i < 50; i++)
        {
            await stream.ReadAsync(fast, CancellationToken.None);
        }

        (await ReadAllAsync(stream, slow)).Should().HaveCount(100);
        (await ReadAllAsync(stream, fast)).Should().HaveCount(50);
        await stream.LeaveAsync(fast);
        await stream.LeaveAsync(slow);
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task ReadAsync_PastTheBound_TheSourceWaitsForTheSlowestReader()
    {
        var noted = 0;
        var stream = new SharedStream(1);
        var (fast, slow) = (stream.TryJoin()!, stream.TryJoin()!);
        stream.Start(token => ThenWaitAsync(Task.CompletedTask, [.. Enumerable.Range(0, 1000).Select(i => (StreamEvent)Words("a", i))]).GetAsyncEnumerator(token), _ => Task.CompletedTask, _ => noted++);
        noted.Should().Be(257, "256 are kept, and one more was read");
        for (var i = 0; i < 200; i++)
        {
            await stream.ReadAsync(fast, CancellationToken.None);
        }

        await stream.LeaveAsync(slow);
        (await ReadAllAsync(stream, fast)).Should().HaveCount(800);
        await stream.LeaveAsync(fast);
    }

    private static void Start(SharedStream stream, params StreamEvent[] events) => stream.Start(token => ThenWaitAsync(Task.CompletedTask, events).GetAsyncEnumerator(token), _ => Task.CompletedTask, _ => { });

    private static async Task<List<StreamEvent>> ReadAllAsync(SharedStream stream, SharedStream.Reader reader)
    {
        List<StreamEvent> events = [];
        while (await stream.ReadAsync(reader, CancellationToken.None).AsTask().OrFail() is { } streamEvent)
        {
            events.Add(streamEvent);
        }

        return events;
    }

    private static async IAsyncEnumerable<StreamEvent> ThenWaitAsync(Task gate, params StreamEvent[] events)
    {
        foreach (var streamEvent in events)
        {
            yield return streamEvent;
        }

        await gate;
    }

    private static async IAsyncEnumerable<StreamEvent> SlowToCloseAsync(Task gate)
    {
        try
        {
            yield return Started();
            await gate;
        }
        finally
        {
            await gate;
        }
    }
}
