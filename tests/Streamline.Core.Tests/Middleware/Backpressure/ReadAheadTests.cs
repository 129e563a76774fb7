using System.Globalization;
using System.Threading.Channels;
using Streamline.TestSupport;
using static Streamline.Tests.Middleware.Make;

namespace Streamline.Tests.Middleware.Backpressure;

/// <summary>Who reads the source: the consumer while it keeps up, a thread of the pool while it is away.</summary>
[Trait("Law", "8")]
public sealed class ReadAheadTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly Channel<StreamEvent> _wire = Channel.CreateUnbounded<StreamEvent>(new UnboundedChannelOptions { AllowSynchronousContinuations = true });
    private int _sent;
    private int _read;

    [Fact]
    public async Task MoveNext_ConsumerKeepsUp_ReadsTheSourceOnItsOwnThread()
    {
        var threads = new List<int>();
        var events = Open(new FakeStreamClient((_, _) => Endless()));

        for (var i = 0; i < 100; i++)
        {
            var next = events.MoveNextAsync();
            next.IsCompletedSuccessfully.Should().BeTrue("an event that is there is not waited for");
            (await next).Should().BeTrue();
            threads.Should().HaveCount(i + 1, "nothing is read ahead of a consumer that keeps up");
        }

        threads.Should().OnlyContain(thread => thread == Environment.CurrentManagedThreadId);
        _time.ActiveTimers.Should().Be(1, "events that follow closely share one timer");
        await events.DisposeAsync();
        _time.ActiveTimers.Should().Be(0);

        async IAsyncEnumerable<StreamEvent> Endless()
        {
            while (true)
            {
                threads.Add(Environment.CurrentManagedThreadId);
                yield return KeepAlive.Instance;
                await Task.CompletedTask;
            }
        }
    }

    [Fact]
    public async Task MoveNext_ConsumerComesBackInTime_NothingWasReadAhead()
    {
        Send(3);
        var events = Open(Wire());
        await Expect(events, 0);
        _time.Advance(ReadAhead.Delay - TimeSpan.FromTicks(1));
        _read.Should().Be(1);

        await Expect(events, 1);
        _read.Should().Be(2);
        await events.DisposeAsync();
    }

    [Fact]
    public async Task MoveNext_ConsumerWasAway_GetsWhatWasReadAheadAndThenReadsItself()
    {
        Send(3);
        var events = Open(Wire());
        await Expect(events, 0);
        _time.Advance(ReadAhead.Delay);
        _read.Should().Be(3, "the source gave what it had");

        // The pump waits for the source, and stays there while the consumer takes what is buffered.
        await Expect(events, 1);
        await Expect(events, 2);
        var third = events.MoveNextAsync().AsTask();
        third.IsCompleted.Should().BeFalse();
        Send(1);
        (await third.OrFail()).Should().BeTrue();
        events.Current.Should().BeEquivalentTo(Event(3));

        // It was handed back: nothing is read until the consumer asks.
        Send(2);
        _read.Should().Be(4);
        await Expect(events, 4);
        await Expect(events, 5);
        await events.DisposeAsync();
    }

    [Fact]
    public async Task MoveNext_ConsumerIsAwayAgainAndAgain_BufferIsFilledUpEachTime()
    {
        Send(20);
        var events = Open(Wire(), capacity: 2);
        await Expect(events, 0);
        _time.Advance(ReadAhead.Delay);
        _read.Should().Be(4, "one is with the consumer, two are buffered and one has no room");

        await Expect(events, 1);
        _read.Should().Be(4, "the pump has let go of the source");
        _time.Advance(ReadAhead.Delay);
        _read.Should().Be(5, "the one that had no room has it now, and another one waits");

        for (var i = 2; i < 20; i++)
        {
            await Expect(events, i);
        }

        await events.DisposeAsync();
    }

    [Fact]
    public async Task MoveNext_SourceEndedWhileTheConsumerWasAway_EndsAfterAllEvents()
    {
        Send(3);
        _wire.Writer.Complete();
        var source = Wire();
        var events = Open(source);
        await Expect(events, 0);
        _time.Advance(ReadAhead.Delay);
        source.Open.Should().Be(0, "a source that has ended is closed without its consumer");

        await Expect(events, 1);
        await Expect(events, 2);
        (await events.MoveNextAsync()).Should().BeFalse();
        await events.DisposeAsync();
        _time.ActiveTimers.Should().Be(0);
    }

    [Fact]
    public async Task MoveNext_SourceFailedWhileTheConsumerWasAway_ThrowsAfterAllEvents()
    {
        var failure = Overloaded();
        Send(2);
        _wire.Writer.Complete(failure);
        var events = Open(Wire());
        await Expect(events, 0);
        _time.Advance(ReadAhead.Delay);

        await Expect(events, 1);
        (await FluentActions.Awaiting(() => events.MoveNextAsync().AsTask()).Should().ThrowAsync<ProviderException>()).Which.Should().BeSameAs(failure);
        await events.DisposeAsync();
    }

    [Fact]
    public async Task Dispose_WhileThePumpWaitsForTheSource_EndsTheWait()
    {
        Send(1);
        var source = Wire();
        var events = Open(source);
        await Expect(events, 0);
        _time.Advance(ReadAhead.Delay);
        source.Open.Should().Be(1);

        await events.DisposeAsync().AsTask().OrFail();

        source.Open.Should().Be(0);
        _time.ActiveTimers.Should().Be(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task MoveNext_SourceThrowsBeforeItsFirstAwait_ThrowsTheSame(int after)
    {
        var failure = Overloaded();
        var events = new StreamClientBuilder(new ThrowingClient(failure, after)).UseBackpressure().Build().StreamAsync(Request).GetAsyncEnumerator();
        for (var i = 0; i < after; i++)
        {
            (await events.MoveNextAsync()).Should().BeTrue();
        }

        (await FluentActions.Awaiting(() => events.MoveNextAsync().AsTask()).Should().ThrowAsync<ProviderException>()).Which.Should().BeSameAs(failure);
        await events.DisposeAsync();
    }

    [Fact]
    public async Task MoveNext_CancelledBeforehand_SourceIsAskedOnceSoThatItCanThrow()
    {
        var source = Wire();
        var events = Build(source).StreamAsync(Request, new CancellationToken(canceled: true)).GetAsyncEnumerator();

        await FluentActions.Awaiting(() => events.MoveNextAsync().AsTask().OrFail()).Should().ThrowAsync<OperationCanceledException>();

        source.Open.Should().Be(0);
        source.Requests.Should().HaveCount(1);
    }

    private static ProviderEvent Event(int number) => new() { Name = number.ToString(CultureInfo.InvariantCulture), Data = "" };

    private static async Task Expect(IAsyncEnumerator<StreamEvent> events, int number)
    {
        (await events.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();
        events.Current.Should().BeEquivalentTo(Event(number));
    }

    private void Send(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _wire.Writer.TryWrite(Event(_sent++)).Should().BeTrue();
        }
    }

    private FakeStreamClient Wire() => new((_, cancellationToken) => Attempt(cancellationToken));

    private async IAsyncEnumerable<StreamEvent> Attempt([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var streamEvent in _wire.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            _read++;
            yield return streamEvent;
        }
    }

    private IAsyncEnumerator<StreamEvent> Open(IStreamClient source, int capacity = 256) => Build(source, capacity).StreamAsync(Request).GetAsyncEnumerator();

    private IStreamClient Build(IStreamClient source, int capacity = 256) =>
        new StreamClientBuilder(source).UseBackpressure(options => (options.TimeProvider, options.Capacity) = (_time, capacity)).Build();

    /// <summary>A source that is no async method, and throws out of its calls.</summary>
    private sealed class ThrowingClient(Exception failure, int after) : IStreamClient, IAsyncEnumerable<StreamEvent>, IAsyncEnumerator<StreamEvent>
    {
        private int _moves;

        public StreamEvent Current => KeepAlive.Instance;

        public IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, CancellationToken cancellationToken = default) => this;

        public IAsyncEnumerator<StreamEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default) => after == 0 ? throw failure : this;

        public ValueTask<bool> MoveNextAsync() => _moves++ == after ? throw failure : new ValueTask<bool>(true);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
