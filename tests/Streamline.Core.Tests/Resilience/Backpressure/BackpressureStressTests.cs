using System.Globalization;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Backpressure;

/// <summary>Random sources and consumers that meet in every way.</summary>
[Trait("Law", "8")]
[Trait("Law", "9")]
public sealed class BackpressureStressTests
{
    private const int Seeds = 3_000;

    private enum Exit
    {
        None,
        Break,
        CancelInside,
        CancelMeanwhile,
    }

    [Theory]
    [InlineData(BackpressureFullMode.Wait)]
    [InlineData(BackpressureFullMode.Coalesce)]
    public async Task MoveNext_AnyMeeting_KeepsOrderRulesOfEndingAndLeavesNothing(BackpressureFullMode mode)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            var exit = (Exit)random.Next(4);
            var source = new Source(random.Next(), failsAtEnd: random.Next(2) == 0, waitsAtEnd: exit == Exit.CancelMeanwhile && random.Next(2) == 0);
            try
            {
                await MeetAsync(random, exit, source, mode, capacity: random.Next(1, 4)).OrFail();
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Seed {seed}, {exit}, {source}.", exception);
            }
        }
    }

    /// <summary>A source that sends the next events only when the last ones have been received: no event may be held back.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    [InlineData(1, 3)]
    [InlineData(2, 4)]
    [InlineData(8, 3)]
    public async Task MoveNext_SourceWaitsForItsConsumer_NoEventIsHeldBack(int capacity, int batch)
    {
        const int count = 60_000;
        var random = new Random(capacity);
        using var received = new SemaphoreSlim(0);
        var client = Build(new FakeStreamClient((_, _) => Batches()), BackpressureFullMode.Wait, capacity);
        await ConsumeAsync().OrFail();

        async Task ConsumeAsync()
        {
            var next = 0;
            await foreach (var streamEvent in client.StreamAsync(Request))
            {
                ((TextDelta)streamEvent).Index.Should().Be(next++);
                received.Release();
                Thread.SpinWait(random.Next(400));
            }

            next.Should().Be(count);
        }

        async IAsyncEnumerable<StreamEvent> Batches()
        {
            for (var i = 0; i < count; i++)
            {
                if (i % batch == 0)
                {
                    for (var before = Math.Min(i, batch); before > 0; before--)
                    {
                        await received.WaitAsync();
                    }
                }

                yield return Words("x", i);
            }
        }
    }

    /// <summary>A consumer that stays away for good, whenever the cancellation comes.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Cancel_ConsumerStaysAway_SourceIsClosed(int capacity)
    {
        var random = new Random(capacity);
        for (var i = 0; i < 4_000; i++)
        {
            using var cancellation = new CancellationTokenSource();
            var source = new Source(random.Next(), failsAtEnd: false, waitsAtEnd: false, pauses: false);
            var events = Build(source, BackpressureFullMode.Wait, capacity).StreamAsync(Request, cancellation.Token).GetAsyncEnumerator();
            var (taken, after) = (random.Next(1, 4), random.Next(2_000));
            for (var n = 0; n < taken; n++)
            {
                await events.MoveNextAsync();
            }

            Thread.SpinWait(after);
            cancellation.Cancel();

            await source.WhenClosed.OrFail();
            await events.DisposeAsync();
            source.Closed.Should().Be(1);
        }
    }

    /// <summary>A consumer that is away now and then, and comes back only when the source has been read ahead: no look may be left out.</summary>
    [Fact]
    public async Task MoveNext_ConsumerIsAwayNowAndThen_SourceIsReadAheadEachTime()
    {
        var (random, spins) = (new Random(1), new Random(2));
        var sent = 0;
        using var read = new SemaphoreSlim(0);
        var events = Build(new FakeStreamClient((_, _) => Endless()), BackpressureFullMode.Wait, capacity: 1).StreamAsync(Request).GetAsyncEnumerator();
        for (var taken = 1; taken < 60_000; taken++)
        {
            (await events.MoveNextAsync()).Should().BeTrue();
            for (var isAway = random.Next(2) == 0; isAway && Volatile.Read(ref sent) <= taken;)
            {
                await read.WaitAsync().OrFail();
            }

            Thread.SpinWait(random.Next(60));
        }

        await events.DisposeAsync();

        async IAsyncEnumerable<StreamEvent> Endless()
        {
            while (true)
            {
                // A look that meets the consumer in here may end when the consumer has left.
                Thread.SpinWait(spins.Next(40));
                Interlocked.Increment(ref sent);
                read.Release();
                yield return KeepAlive.Instance;
                await Task.CompletedTask;
            }
        }
    }

    private static async Task MeetAsync(Random random, Exit exit, Source source, BackpressureFullMode mode, int capacity)
    {
        using var cancellation = new CancellationTokenSource();
        var exitAfter = random.Next(1, 30);
        var cancelling = exit == Exit.CancelMeanwhile ? CancelAsync(cancellation, random.Next(400)) : Task.CompletedTask;
        var received = new List<StreamEvent>();
        Exception? exception = null;
        try
        {
            await foreach (var streamEvent in Build(source, mode, capacity).StreamAsync(Request, cancellation.Token))
            {
                received.Add(streamEvent);
                if (received.Count == exitAfter && exit == Exit.Break)
                {
                    break;
                }

                if (received.Count == exitAfter && exit == Exit.CancelInside)
                {
                    await cancellation.CancelAsync();
                }

                await PauseAsync(random);
            }
        }
        catch (Exception e)
        {
            exception = e;
        }

        await cancelling;
        source.Closed.Should().Be(1);
        source.Overlaps.Should().Be(0, "the source has one reader at a time");
        source.Text.Should().StartWith(TextOf(received));
        switch (exception)
        {
            case null when exit is not (Exit.Break or Exit.CancelInside) || received.Count < exitAfter:
                source.Failure.Should().BeNull();
                TextOf(received).Should().Be(source.Text);
                break;
            case null:
                exit.Should().Be(Exit.Break);
                break;
            case OperationCanceledException cancelled:
                cancelled.CancellationToken.Should().Be(cancellation.Token);
                if (received.Count > 0)
                {
                    cancelled.GetPartialResponse()!.Text.Should().Be(TextOf(received), "what was handed out is the partial response, also when the source had ended");
                }

                break;
            default:
                exception.Should().BeSameAs(source.Failure);
                TextOf(received).Should().Be(source.Text, "a failure comes after all events before it");
                break;
        }
    }

    private static async Task CancelAsync(CancellationTokenSource cancellation, int after)
    {
        for (var i = 0; i < after; i++)
        {
            await Task.Yield();
        }

        cancellation.Cancel();
    }

    private static async Task PauseAsync(Random random)
    {
        switch (random.Next(4))
        {
            case 0:
                Thread.SpinWait(random.Next(500));
                break;
            case 1:
                await Task.Yield();
                break;
        }
    }

    private static IStreamClient Build(IStreamClient source, BackpressureFullMode mode, int capacity) => new StreamClientBuilder(source).UseBackpressure(options =>
    {
        options.Capacity = capacity;
        options.FullMode = mode;
        options.MaxBufferedChars = 5;
    }).Build();

    /// <summary>A source that notes whether two use it at once, and how often it was closed.</summary>
    private sealed class Source : IStreamClient, IAsyncEnumerable<StreamEvent>, IAsyncEnumerator<StreamEvent>
    {
        private readonly Random _random;
        private readonly int _count;
        private readonly bool _waitsAtEnd;
        private readonly bool _pauses;
        private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private CancellationToken _cancellationToken;
        private int _sent;
        private int _users;

        public Source(int seed, bool failsAtEnd, bool waitsAtEnd, bool pauses = true)
        {
            _random = new Random(seed);
            _count = _random.Next(40);
            _pauses = pauses;
            _waitsAtEnd = waitsAtEnd;
            Failure = failsAtEnd && !waitsAtEnd ? Interrupted() : null;
            Text = string.Concat(Enumerable.Range(0, _count).Select(Payload));
        }

        public Exception? Failure { get; }

        public string Text { get; }

        public bool HasEnded { get; private set; }

        public int Closed { get; private set; }

        public Task WhenClosed => _closed.Task;

        public int Overlaps { get; private set; }

        public StreamEvent Current { get; private set; } = null!;

        public IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, CancellationToken cancellationToken = default) => this;

        public IAsyncEnumerator<StreamEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            _cancellationToken = cancellationToken;
            return this;
        }

        public async ValueTask<bool> MoveNextAsync()
        {
            Enter();
            try
            {
                if (_pauses)
                {
                    await PauseAsync(_random);
                }

                if (_sent == _count && _waitsAtEnd)
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _cancellationToken);
                }

                _cancellationToken.ThrowIfCancellationRequested();
                if (_sent < _count)
                {
                    Current = Make.Words(Payload(_sent++));
                    return true;
                }

                HasEnded = true;
                return Failure is null ? false : throw Failure;
            }
            catch (OperationCanceledException exception)
            {
                exception.SetPartialResponse(new ChatResponse(new ChatMessage(ChatRole.Assistant, string.Concat(Enumerable.Range(0, _sent).Select(Payload)))));
                throw;
            }
            finally
            {
                Leave();
            }
        }

        public async ValueTask DisposeAsync()
        {
            Enter();
            await PauseAsync(_random);
            Closed++;
            Leave();
            _closed.TrySetResult();
        }

        public override string ToString() => $"{_count} events, then {(_waitsAtEnd ? "a wait" : Failure is null ? "the end" : "a failure")}";

        private static string Payload(int number) => number.ToString(CultureInfo.InvariantCulture);

        private void Enter() => Overlaps += Interlocked.Increment(ref _users) == 1 ? 0 : 1;

        private void Leave() => Interlocked.Decrement(ref _users);
    }
}
