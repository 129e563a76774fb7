using System.Globalization;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Backpressure;

[Trait("Law", "8")]
[Trait("Law", "9")]
public sealed class BackpressureTests
{
    [Theory]
    [InlineData(BackpressureFullMode.Wait)]
    [InlineData(BackpressureFullMode.Coalesce)]
    public async Task StreamAsync_ConsumerHoldsTheFirstEvent_SourceStopsAtTheCapacity(BackpressureFullMode mode)
    {
        var source = new CountingSource(i => new ProviderEvent { Name = "n" + i, Data = "" });
        var events = Build(source.Client, mode, capacity: 8).StreamAsync(Request).GetAsyncEnumerator();
        await events.MoveNextAsync().AsTask().OrFail();

        // One is held by the consumer, eight are buffered, one may wait for room, and one more is asked for on leaving.
        await source.WaitForAsync(9);
        await events.DisposeAsync();

        source.Produced.Should().BeLessThanOrEqualTo(11);
        source.Client.Open.Should().Be(0);
    }

    [Fact]
    public async Task StreamAsync_LargeEvents_SourceStopsAtTheSize()
    {
        var source = new CountingSource(_ => Words(new string('x', 100)));
        var events = Build(source.Client, BackpressureFullMode.Wait, capacity: 1000, maxChars: 450).StreamAsync(Request).GetAsyncEnumerator();
        await events.MoveNextAsync().AsTask().OrFail();

        // As above, with room for four.
        await source.WaitForAsync(5);
        await events.DisposeAsync();

        source.Produced.Should().BeLessThanOrEqualTo(7);
    }

    [Fact]
    public async Task StreamAsync_EventLargerThanTheLimit_ComesThrough()
    {
        StreamEvent[] events = [Words(new string('x', 1000)), Words("y"), Words(new string('z', 2000)), Completed()];

        var received = await Build(FakeStreamClient.Of(events), BackpressureFullMode.Coalesce, capacity: 2, maxChars: 10).StreamAsync(Request).CollectAsync();

        TextOf(received).Should().Be(TextOf(events));
    }

    [Fact]
    public async Task StreamAsync_Coalesce_SlowConsumerGetsTheSameTextInFewerEvents()
    {
        const int deltas = 5_000;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var source = new FakeStreamClient((_, _) => Attempt());
        var events = Build(source, BackpressureFullMode.Coalesce, capacity: 4).StreamAsync(Request).GetAsyncEnumerator();
        var received = new List<StreamEvent>();
        await events.MoveNextAsync().AsTask().OrFail();
        received.Add(events.Current);

        // The source runs to its end though the consumer has taken one event only.
        await done.Task.OrFail();
        while (await events.MoveNextAsync().AsTask().OrFail())
        {
            received.Add(events.Current);
        }

        received.Should().HaveCountLessThan(7);
        TextOf(received).Should().Be(string.Concat(Enumerable.Range(0, deltas)));

        async IAsyncEnumerable<StreamEvent> Attempt()
        {
            for (var i = 0; i < deltas; i++)
            {
                yield return Words(i.ToString(CultureInfo.InvariantCulture));
            }

            done.SetResult();
            await Task.Yield();
            yield return Completed();
        }
    }

    [Fact]
    public async Task StreamAsync_ConsumerKeepsUp_EventsAreTheSameObjects()
    {
        StreamEvent[] events = [Started(), Words("a"), Words("b"), Input("{", 1), Input("}", 1), KeepAlive.Instance, Completed()];

        (await Build(FakeStreamClient.Of(events), BackpressureFullMode.Coalesce).StreamAsync(Request).CollectAsync()).Should().Equal(events);
    }

    [Fact]
    public async Task StreamAsync_SourceFails_ExceptionComesAfterAllEvents()
    {
        var failure = Overloaded();
        StreamEvent[] events = [.. Enumerable.Range(0, 50).Select(i => Words(i.ToString(CultureInfo.InvariantCulture)))];
        var client = Build(new FakeStreamClient(Fails(failure, events)), BackpressureFullMode.Wait);

        var (received, exception) = await client.StreamAsync(Request).CatchAsync();

        received.Should().Equal(events);
        exception.Should().BeSameAs(failure);
        exception!.StackTrace.Should().Contain(nameof(FakeStreamClient.StreamThenThrow), "the trace of the origin is kept");
    }

    [Fact]
    public async Task StreamAsync_Cancelled_EndsAtOnceThoughEventsAreBuffered()
    {
        using var cancellation = new CancellationTokenSource();
        var source = new CountingSource(_ => KeepAlive.Instance);
        var events = Build(source.Client, BackpressureFullMode.Wait, capacity: 4).StreamAsync(Request, cancellation.Token).GetAsyncEnumerator();
        await events.MoveNextAsync().AsTask().OrFail();
        await source.WaitForAsync(5);

        await cancellation.CancelAsync();

        (await FluentActions.Awaiting(() => events.MoveNextAsync().AsTask().OrFail()).Should().ThrowAsync<OperationCanceledException>())
            .Which.CancellationToken.Should().Be(cancellation.Token);
        source.Client.Open.Should().Be(0);
    }

    [Fact]
    public async Task StreamAsync_CancelledWhileTheConsumerHoldsAnEvent_SourceIsClosedWithoutTheConsumer()
    {
        using var cancellation = new CancellationTokenSource();
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var source = new FakeStreamClient((_, _) => Attempt());
        var events = Build(source, BackpressureFullMode.Wait, capacity: 1).StreamAsync(Request, cancellation.Token).GetAsyncEnumerator();
        await events.MoveNextAsync().AsTask().OrFail();

        await cancellation.CancelAsync();

        await closed.Task.OrFail();
        await events.DisposeAsync();

        async IAsyncEnumerable<StreamEvent> Attempt()
        {
            try
            {
                while (true)
                {
                    await Task.Yield();
                    yield return KeepAlive.Instance;
                }
            }
            finally
            {
                closed.SetResult();
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StreamAsync_Cancelled_KeepsThePartialResponseOfTheSource(bool bufferIsFull)
    {
        using var cancellation = new CancellationTokenSource();
        var third = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var stalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var source = new FakeStreamClient((_, cancellationToken) => Attempt(cancellationToken));
        var events = Build(source, BackpressureFullMode.Wait, capacity: bufferIsFull ? 1 : 10).StreamAsync(Request, cancellation.Token).GetAsyncEnumerator();
        await events.MoveNextAsync().AsTask().OrFail();
        await (bufferIsFull ? third : stalled).Task.OrFail();
        await cancellation.CancelAsync();

        (await FluentActions.Awaiting(() => events.MoveNextAsync().AsTask().OrFail()).Should().ThrowAsync<OperationCanceledException>())
            .Which.GetPartialResponse()!.Text.Should().Be("part");

        async IAsyncEnumerable<StreamEvent> Attempt([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            // With room for one: the consumer holds the first, the second is buffered, the third waits.
            yield return Words("part");
            yield return Words("part");
            third.SetResult();
            yield return Words("part");

            stalled.SetResult();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }
            catch (OperationCanceledException exception)
            {
                exception.SetPartialResponse(new ChatResponse(new ChatMessage(ChatRole.Assistant, "part")));
                throw;
            }
        }
    }

    [Fact]
    public void Set_OutOfRange_Throws()
    {
        Action<BackpressureOptions>[] refused =
        [
            options => options.Capacity = 0,
            options => options.Capacity = (1024 * 1024) + 1,
            options => options.MaxBufferedChars = 0,
            options => options.FullMode = (BackpressureFullMode)2,
        ];
        foreach (var set in refused)
        {
            FluentActions.Invoking(() => set(new BackpressureOptions())).Should().Throw<ArgumentOutOfRangeException>().Which.ParamName.Should().BeOneOf(typeof(BackpressureOptions).GetProperties().Select(option => option.Name));
        }

        FluentActions.Invoking(() => new BackpressureOptions { FullMode = (BackpressureFullMode)2 }).Should().Throw<ArgumentOutOfRangeException>().WithMessage("Expected Wait or Coalesce.*");
        FluentActions.Invoking(() => StreamClientBuilderExtensions.UseBackpressure(null!)).Should().Throw<ArgumentNullException>();
        new BackpressureOptions().Should().BeEquivalentTo(new { Capacity = 256, MaxBufferedChars = 1024 * 1024, FullMode = BackpressureFullMode.Wait });
    }

    private IStreamClient Build(IStreamClient source, BackpressureFullMode mode, int capacity = 256, int maxChars = 1024 * 1024) =>
        new StreamClientBuilder(source).UseBackpressure(options =>
        {
            options.Capacity = capacity;
            options.MaxBufferedChars = maxChars;
            options.FullMode = mode;
        }).Build();

    /// <summary>An endless source that counts how many events were taken from it.</summary>
    private sealed class CountingSource
    {
        private readonly Func<int, StreamEvent> _make;
        private readonly List<(int Count, TaskCompletionSource Reached)> _waiters = [];
        private int _produced;

        public CountingSource(Func<int, StreamEvent> make)
        {
            _make = make;
            Client = new FakeStreamClient((_, _) => StreamAsync());
        }

        public FakeStreamClient Client { get; }

        public int Produced => Volatile.Read(ref _produced);

        public Task WaitForAsync(int count)
        {
            lock (_waiters)
            {
                var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                if (_produced >= count)
                {
                    reached.SetResult();
                }

                _waiters.Add((count, reached));
                return reached.Task.OrFail();
            }
        }

        private async IAsyncEnumerable<StreamEvent> StreamAsync()
        {
            while (true)
            {
                StreamEvent next;
                lock (_waiters)
                {
                    next = _make(_produced++);
                    _waiters.Where(waiter => waiter.Count <= _produced).ToList().ForEach(waiter => waiter.Reached.TrySetResult());
                }

                yield return next;
                await Task.CompletedTask;
            }
        }
    }
}
