using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.AI;

namespace Streamline.Workflows;

/// <summary>One run of <see cref="StreamMerge"/>. Streams write into lanes, which the reader reads one after the other: one lane for all of them, or in order one for each.</summary>
internal sealed class StreamMerger<TInput> : IAsyncDisposable
{
    private readonly Func<TInput, CancellationToken, IAsyncEnumerable<StreamEvent>> _open;
    private readonly StreamMergeOptions _options;
    private readonly CancellationTokenSource _leaving;
    private readonly SemaphoreSlim _slots;
    private readonly Channel<Channel<MergedEvent<TInput>>> _lanes;
    private readonly Channel<MergedEvent<TInput>>? _shared;
    private readonly TaskCompletionSource _allEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _feeding;
    private int _running = 1; // the streams, and what starts them

    private StreamMerger(
        IAsyncEnumerable<TInput> inputs, Func<TInput, CancellationToken, IAsyncEnumerable<StreamEvent>> open, StreamMergeOptions options, CancellationToken cancellationToken)
    {
        (_open, _options) = (open, options);
        _leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _slots = new SemaphoreSlim(options.MaxConcurrency);

        // Streams that have ended and wait for the reader are bounded too.
        _lanes = Channel.CreateBounded<Channel<MergedEvent<TInput>>>(options.MaxConcurrency);
        if (options.Order == StreamMergeOrder.AsTheyCome)
        {
            _shared = NewLane();
            _lanes.Writer.TryWrite(_shared);
        }

        _feeding = FeedAsync(inputs, _leaving.Token);
    }

    public static async IAsyncEnumerable<MergedEvent<TInput>> MergeAsync(
        IAsyncEnumerable<TInput> inputs,
        Func<TInput, CancellationToken, IAsyncEnumerable<StreamEvent>> open,
        StreamMergeOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var merger = new StreamMerger<TInput>(inputs, open, options, cancellationToken);
        await using (merger.ConfigureAwait(false))
        {
            await foreach (var lane in merger._lanes.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                await foreach (var merged in lane.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                {
                    yield return merged;
                }
            }

            // Streams that are cancelled may have closed their lanes before this reader noticed.
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Cancels what runs, and waits until it is closed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelSafelyAsync().ConfigureAwait(false);
        await _feeding.ConfigureAwait(false);
        _leaving.Dispose();
        _slots.Dispose();
    }

    /// <summary>Takes inputs as there is room for them, and ends when all streams have ended.</summary>
    private async Task FeedAsync(IAsyncEnumerable<TInput> inputs, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _options.Stopping);
            await StartAllAsync(inputs, cancellationToken, stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested || _options.Stopping.IsCancellationRequested)
        {
            // The inputs were left.
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        // In order, the reader is told of each lane as it begins; what is thrown comes after the last of them.
        _lanes.Writer.TryComplete(_shared is null ? failure : null);
        EndOne();
        await _allEnded.Task.ConfigureAwait(false);
        _shared?.Writer.TryComplete(failure);
    }

    private async Task StartAllAsync(IAsyncEnumerable<TInput> inputs, CancellationToken cancellationToken, CancellationToken stopping)
    {
        var source = inputs.GetAsyncEnumerator(stopping);
        await using (source.ConfigureAwait(false))
        {
            for (var index = 0; ; index++)
            {
                await _slots.WaitAsync(stopping).ConfigureAwait(false);
                var isStarted = false;
                try
                {
                    // The tokens themselves: the one that is linked to them may lag.
                    if (cancellationToken.IsCancellationRequested || _options.Stopping.IsCancellationRequested || !await source.MoveNextAsync().ConfigureAwait(false))
                    {
                        return;
                    }

                    var (place, input, lane) = (index, source.Current, _shared ?? NewLane());
                    if (_shared is null)
                    {
                        await _lanes.Writer.WriteAsync(lane, cancellationToken).ConfigureAwait(false);
                    }

                    // On the pool, so that a stream that never waits does not keep the others from beginning.
                    Interlocked.Increment(ref _running);
                    _ = Task.Run(() => RunAsync(place, input, lane.Writer, cancellationToken), CancellationToken.None);
                    isStarted = true;
                }
                finally
                {
                    if (!isStarted)
                    {
                        _slots.Release();
                    }
                }
            }
        }
    }

    /// <summary>Streams the answer to one input into its lane. It does not throw.</summary>
    private async Task RunAsync(int index, TInput input, ChannelWriter<MergedEvent<TInput>> lane, CancellationToken cancellationToken)
    {
        var state = new StreamState(StreamState.DefaultMaxRetainedChars);
        Exception? failure = null;
        try
        {
            var events = StreamFold.GetUnfoldedEnumerator(
                _open(input, cancellationToken) ?? throw new InvalidOperationException("The function that opens streams returned null."), cancellationToken);
            await using (events.ConfigureAwait(false))
            {
                var known = StreamFold.StateOf(events);
                state = known ?? state;
                while (await events.MoveNextAsync().ConfigureAwait(false))
                {
                    if (known is null)
                    {
                        state.Apply(events.Current);
                    }

                    await lane.WriteAsync(new(index, input, events.Current, Result: null), cancellationToken).ConfigureAwait(false);
                }
            }

            state.ThrowIfRetentionExceeded();
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        try
        {
            var response = failure is null ? state.ToChatResponse() : Partial(state, failure);
            await lane.WriteAsync(new(index, input, Event: null, new MergedResult<TInput>(index, input, response, failure)), cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The reader has left.
        }
        finally
        {
            if (_shared is null)
            {
                lane.TryComplete();
            }

            _slots.Release();
            EndOne();
        }
    }

    private void EndOne()
    {
        if (Interlocked.Decrement(ref _running) == 0)
        {
            _allEnded.SetResult();
        }
    }

    // The state has more than the exception of a stage inside: events that were handed out before it failed.
    private static ChatResponse Partial(StreamState state, Exception failure) =>
        !state.HasBegun && PartialResponse.TryGet(failure, out var partial) ? partial : state.ToPartialResponse();

    private Channel<MergedEvent<TInput>> NewLane() =>
        Channel.CreateBounded<MergedEvent<TInput>>(new BoundedChannelOptions(_options.MaxBufferedEvents) { SingleReader = true, SingleWriter = _options.Order == StreamMergeOrder.InOrder });
}
