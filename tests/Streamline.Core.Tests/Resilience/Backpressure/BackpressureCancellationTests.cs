using Microsoft.Extensions.AI;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Backpressure;

/// <summary>A cancellation, or a disposal, that meets the reader at a chosen moment.</summary>
[Trait("Law", "9")]
public sealed class BackpressureCancellationTests : IDisposable
{
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
    public async Task Cancel_WhileAnEventIsRead_SourceIsClosedWithoutTheConsumer()
    {
        var source = new Source { OnCurrent = _cancellation.Cancel };
        var events = Open(source);

        var next = events.MoveNextAsync().AsTask();

        await source.Closed.OrFail();
        (await FluentActions.Awaiting(() => next.OrFail()).Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(_cancellation.Token);
        await events.DisposeAsync();
    }

    [Fact]
    public async Task MoveNext_CancelledWhileTheProducerWaits_BufferedEventsAreNotHandedOut()
    {
        var goesOn = new TaskCompletionSource();
        var source = new Source { Before = sent => sent == 3 ? goesOn.Task : Task.CompletedTask };
        var events = Open(source);
        await events.MoveNextAsync();
        source.Sent.Should().Be(3, "the producer has read two more and waits");
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

    [Fact]
    public async Task Dispose_SourceThrowsWhenToldToLeave_IsClosedNevertheless()
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

        await FluentActions.Awaiting(() => events.DisposeAsync().AsTask().OrFail()).Should().ThrowAsync<AggregateException>();

        source.Closed.IsCompleted.Should().BeTrue();
    }

    [Fact]
    public async Task MoveNext_EventThatCannotBeMeasured_FailsInsteadOfWaitingForEver()
    {
        var source = new Source { Make = sent => Words(sent == 3 ? null! : "part") };
        var events = Open(source);
        await events.MoveNextAsync();

        (await events.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();
        await FluentActions.Awaiting(() => events.MoveNextAsync().AsTask().OrFail()).Should().ThrowAsync<NullReferenceException>();
        source.Closed.IsCompleted.Should().BeTrue();
    }

    private IAsyncEnumerator<StreamEvent> Open(Source source) => Build(source).StreamAsync(Request, _cancellation.Token).GetAsyncEnumerator();

    private static IStreamClient Build(Source source) =>
        new StreamClientBuilder(source).UseBackpressure(options => options.Capacity = 8).Build();

    /// <summary>An endless source, written by hand so that a test can be anywhere within it. Cancelled, it throws when it is asked, with a partial response.</summary>
    private sealed class Source : IStreamClient, IAsyncEnumerable<StreamEvent>, IAsyncEnumerator<StreamEvent>
    {
        private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Func<int, Task> Before { get; init; } = _ => Task.CompletedTask;

        public Func<int, StreamEvent> Make { get; init; } = _ => Words("part");

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
}
