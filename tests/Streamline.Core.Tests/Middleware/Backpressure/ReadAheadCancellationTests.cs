using Microsoft.Extensions.AI;
using Streamline.TestSupport;
using static Streamline.Tests.Middleware.Make;

namespace Streamline.Tests.Middleware.Backpressure;

/// <summary>A cancellation, or a disposal, that meets the reader at a chosen moment.</summary>
[Trait("Law", "9")]
public sealed class ReadAheadCancellationTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly CancellationTokenSource _cancellation = new();

    public void Dispose() => _cancellation.Dispose();

    [Fact]
    public async Task MoveNext_WithinTheCancellation_SourceHasBeenToldWhenItIsAsked()
    {
        var source = new Source();
        var events = Open(source);
        await events.MoveNextAsync();

        // Called before the cancellation comes to the source, as the last one that registered.
        var next = Task.FromResult(true);
        using var registration = _cancellation.Token.Register(() => next = events.MoveNextAsync().AsTask());
        await _cancellation.CancelAsync();

        (await FluentActions.Awaiting(() => next.OrFail()).Should().ThrowAsync<OperationCanceledException>()).Which.GetPartialResponse()!.Text.Should().Be("part");
        await events.DisposeAsync();
    }

    [Fact]
    public async Task Cancel_WhileTheConsumerTakesAnEvent_SourceIsClosedWithoutTheConsumer()
    {
        // At this moment nobody but the consumer can have the source, and it has looked already.
        var source = new Source { OnCurrent = _cancellation.Cancel };
        var events = Open(source);

        (await events.MoveNextAsync()).Should().BeTrue();

        await source.Closed.OrFail();
        (await FluentActions.Awaiting(() => events.MoveNextAsync().AsTask().OrFail()).Should().ThrowAsync<OperationCanceledException>())
            .Which.CancellationToken.Should().Be(_cancellation.Token);
    }

    [Fact]
    public async Task MoveNext_CancelledWhileThePumpWaits_BufferedEventsAreNotHandedOut()
    {
        var goesOn = new TaskCompletionSource();
        var source = new Source { Before = sent => sent == 3 ? goesOn.Task : Task.CompletedTask };
        var events = Open(source);
        await events.MoveNextAsync();
        _time.Advance(ReadAhead.Delay);
        source.Sent.Should().Be(3, "the pump has read two and waits");
        await _cancellation.CancelAsync();

        var next = events.MoveNextAsync().AsTask();
        next.IsCompleted.Should().BeFalse();
        goesOn.SetResult();

        (await FluentActions.Awaiting(() => next.OrFail()).Should().ThrowAsync<OperationCanceledException>()).Which.GetPartialResponse()!.Text.Should().Be("part");
        await source.Closed.OrFail();
    }

    [Fact]
    public async Task Cancel_FromAnotherContext_SourceIsClosedInTheContextOfTheConsumer()
    {
        var context = new AsyncLocal<string> { Value = "consumer" };
        string? seen = null;
        var source = new Source { OnClose = () => seen = context.Value };
        var events = Open(source);
        await events.MoveNextAsync();

        await Task.Run(() =>
        {
            context.Value = "another";
            _cancellation.Cancel();
        });

        await source.Closed.OrFail();
        seen.Should().Be("consumer");
        await events.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Dispose_SourceThrowsWhenToldToLeave_IsClosedNevertheless(bool pumpIsAtWork)
    {
        var told = new TaskCompletionSource();
        var source = new Source { Before = sent => sent == 2 ? told.Task : Task.CompletedTask };
        var events = Open(source);
        await events.MoveNextAsync();
        source.Token.Register(() =>
        {
            told.SetResult();
            throw new InvalidOperationException("A callback of the source.");
        });
        _time.Advance(pumpIsAtWork ? ReadAhead.Delay : TimeSpan.Zero);

        await FluentActions.Awaiting(() => events.DisposeAsync().AsTask().OrFail()).Should().ThrowAsync<AggregateException>();

        source.Closed.IsCompleted.Should().BeTrue();
        _time.ActiveTimers.Should().Be(0);
    }

    [Fact]
    public async Task Dispose_TimersThatComeLate_DoNothing()
    {
        var source = new Source();
        var late = new LateTimeProvider();
        var events = Build(source, late).StreamAsync(Request, _cancellation.Token).GetAsyncEnumerator();
        await events.MoveNextAsync();
        await events.DisposeAsync();

        late.Fire();
        await _cancellation.CancelAsync();

        source.Sent.Should().Be(1);
        source.Closed.IsCompletedSuccessfully.Should().BeTrue();
    }

    [Fact]
    public async Task MoveNext_EventThatCannotBeMeasured_FailsInsteadOfWaitingForEver()
    {
        var source = new Source { Make = sent => Text(sent == 3 ? null! : "part") };
        var events = Open(source);
        await events.MoveNextAsync();
        _time.Advance(ReadAhead.Delay);

        (await events.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();
        await FluentActions.Awaiting(() => events.MoveNextAsync().AsTask().OrFail()).Should().ThrowAsync<NullReferenceException>();
        source.Closed.IsCompleted.Should().BeTrue();
    }

    private IAsyncEnumerator<StreamEvent> Open(Source source) => Build(source, _time).StreamAsync(Request, _cancellation.Token).GetAsyncEnumerator();

    private static IStreamClient Build(Source source, TimeProvider time) =>
        new StreamClientBuilder(source).UseBackpressure(options => (options.TimeProvider, options.Capacity) = (time, 8)).Build();

    /// <summary>An endless source, written by hand so that a test can be anywhere within it. Cancelled, it throws when it is asked, with a partial response.</summary>
    private sealed class Source : IStreamClient, IAsyncEnumerable<StreamEvent>, IAsyncEnumerator<StreamEvent>
    {
        private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Func<int, Task> Before { get; init; } = _ => Task.CompletedTask;

        public Func<int, StreamEvent> Make { get; init; } = _ => Text("part");

        public Action? OnCurrent { get; init; }

        public Action? OnClose { get; init; }

        public Task Closed => _closed.Task;

        public int Sent { get; private set; }

        public CancellationToken Token { get; private set; }

        public StreamEvent Current
        {
            get
            {
                OnCurrent?.Invoke();
                return Make(Sent);
            }
        }

        public IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, CancellationToken cancellationToken = default) => this;

        public IAsyncEnumerator<StreamEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            Token = cancellationToken;
            return this;
        }

        public async ValueTask<bool> MoveNextAsync()
        {
            await Before(Sent);
            if (Token.IsCancellationRequested)
            {
                var exception = new OperationCanceledException(Token);
                exception.SetPartialResponse(new ChatResponse(new ChatMessage(ChatRole.Assistant, "part")));
                throw exception;
            }

            Sent++;
            return true;
        }

        public ValueTask DisposeAsync()
        {
            OnClose?.Invoke();
            _closed.SetResult();
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>A clock whose timers fire when the test says so, disposed or not.</summary>
    private sealed class LateTimeProvider : TimeProvider
    {
        private Action _fire = () => { };

        public void Fire() => _fire();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _fire += () => callback(state);
            return System.CreateTimer(_ => { }, state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
