using System.Diagnostics;
using Microsoft.Extensions.AI;

namespace Streamline.Diagnostics;

/// <summary>Traces and measures streams; see <see cref="TelemetryOptions"/>. A stream to which nobody listens is that of the client inside: it costs nothing.</summary>
internal sealed class TelemetryStreamClient(IStreamClient inner, TelemetryOptions options, TimeProvider time) : DelegatingStreamClient(inner)
{
    private const string ExtensionsSource = "Experimental.Microsoft.Extensions.AI";

    private readonly StreamInstruments _instruments = StreamInstruments.Of(options.Edition);
    private readonly StreamClientMetadata? _metadata = inner.GetService(typeof(StreamClientMetadata)) as StreamClientMetadata;
    private readonly long _maxRetainedChars = StageClient.BoundOf(inner);

    // A chat client inside that traces its requests itself.
    private readonly bool _isCountedInside = inner.GetService(typeof(ActivitySource)) is ActivitySource;

    public override IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _instruments.IsListenedTo ? new Events(this, request, cancellationToken) : Inner.StreamAsync(request, cancellationToken);
    }

    // Within a span of Microsoft.Extensions.AI for the same request, that one counts.
    private static bool IsWithinChatSpan() =>
        Activity.Current is { } current
        && string.Equals(current.Source.Name, ExtensionsSource, StringComparison.Ordinal)
        && string.Equals(current.GetTagItem(GenAiNames.OperationName) as string, GenAiNames.Chat, StringComparison.Ordinal);

    private TimeProvider Time => time;

    private StreamTrace Begin(StreamRequest request) => new(request, options, _metadata, time, isCounted: !_isCountedInside && !IsWithinChatSpan());

    private sealed class Events(TelemetryStreamClient client, StreamRequest request, CancellationToken ofCall) : IAsyncEnumerable<StreamEvent>, IFoldedStream
    {
        public IAsyncEnumerator<StreamEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default) => new Enumerator(client, request, ofCall, cancellationToken);
    }

    private sealed class Enumerator(TelemetryStreamClient client, StreamRequest request, CancellationToken ofCall, CancellationToken ofEnumeration)
        : FoldedEnumerator(client._maxRetainedChars, ofCall, ofEnumeration)
    {
        private readonly TimeProvider _time = client.Time;
        private readonly SpanContext _context = new();
        private StreamTrace? _trace;
        private IAsyncEnumerator<StreamEvent>? _events;
        private IAsyncEnumerator<bool>? _waits;
        private ValueTask<bool> _moving;
        private long _waitsFrom;

        public override StreamEvent Current => _events?.Current ?? throw new InvalidOperationException("The enumeration has not begun.");

        protected override ValueTask<bool> MoveCoreAsync()
        {
            // The pipeline runs under the span of the stream; the consumer, before and after, under its own.
            var ofConsumer = Activity.Current;
            var context = ExecutionContext.Capture();
            ValueTask<bool> moving;
            try
            {
                if (_trace is null)
                {
                    _trace = client.Begin(request);
                    Activity.Current = _trace.Current ?? ofConsumer;
                    _events = StreamFold.Open(client.Inner, request, Token);
                }
                else if (_trace.Current is { } span && span != ofConsumer)
                {
                    _context.Enter(context, span);
                }

                moving = Move(_events!);
                if (moving.IsCompletedSuccessfully)
                {
                    // Looked at once: it may be completed by the next look.
                    if (moving.Result)
                    {
                        _trace.Note(_events!.Current, waitedFrom: 0);
                        return new ValueTask<bool>(true);
                    }

                    moving = new ValueTask<bool>(false);
                }
            }
            catch (Exception exception)
            {
                moving = ValueTask.FromException<bool>(exception);
            }
            finally
            {
                if (Activity.Current != ofConsumer)
                {
                    SpanContext.Leave(context, ofConsumer);
                }
            }

            (_moving, _waitsFrom) = (moving, _time.GetTimestamp());
            return (_waits ??= WaitAsync()).MoveNextAsync();
        }

        protected override async ValueTask DisposeCoreAsync()
        {
            try
            {
                if (_events is not null)
                {
                    await _events.DisposeAsync().ConfigureAwait(false);
                }
            }
            finally
            {
                _trace?.End(Token.IsCancellationRequested ? "cancelled" : "left", failure: null);
            }
        }

        // An iterator, whose one object serves every step that has to be waited for.
        private async IAsyncEnumerator<bool> WaitAsync()
        {
            try
            {
                while (true)
                {
                    bool moved;
                    try
                    {
                        moved = await _moving.ConfigureAwait(false);
                    }
                    catch (Exception exception)
                    {
                        var isOfCaller = exception is OperationCanceledException && Token.IsCancellationRequested;
                        _trace!.End(isOfCaller ? "cancelled" : "failed", isOfCaller ? null : exception);
                        throw;
                    }

                    if (!moved)
                    {
                        _trace!.End("completed", failure: null);
                        yield break;
                    }

                    _trace!.Note(_events!.Current, _waitsFrom);
                    yield return true;
                }
            }
            finally
            {
                _waits = null; // after an end or a failure, the next step asks again
            }
        }
    }
}
