using System.Runtime.CompilerServices;

namespace Streamline;

/// <summary>Ends streams that take too long; see <see cref="TimeoutOptions"/>.</summary>
internal sealed class TimeoutStreamClient(IStreamClient inner, TimeoutOptions options) : DelegatingStreamClient(inner)
{
    public override IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return StreamCoreAsync(request, cancellationToken);
    }

    private async IAsyncEnumerable<StreamEvent> StreamCoreAsync(StreamRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var watch = new TimeoutWatch(options, cancellationToken);
        await using var watching = watch.ConfigureAwait(false);
        watch.BeginWait(StreamTimeoutPhase.FirstEvent, options.FirstEvent);
        var events = Inner.StreamAsync(request, watch.Token).GetAsyncEnumerator(watch.Token);
        await using var reading = events.ConfigureAwait(false);
        StreamEvent? last = null;
        while (true)
        {
            var wasCancelled = watch.Token.IsCancellationRequested;
            bool moved;
            try
            {
                var next = events.MoveNextAsync();
                if (last is not null && !next.IsCompleted)
                {
                    watch.BeginWait(StreamTimeoutPhase.Idle, options.Idle);
                }

                moved = await next.ConfigureAwait(false);
            }
            catch (Exception exception) when (Cause(watch, exception, cancellationToken) is not null)
            {
                throw Cause(watch, exception, cancellationToken)!;
            }
            finally
            {
                watch.EndWait();
            }

            // A source that ends or goes on in spite of its cancelled token must not hide the cause from the consumer.
            if ((moved ? wasCancelled : last is not ResponseCompleted) && Cause(watch, exception: null, cancellationToken) is { } cause)
            {
                throw cause;
            }

            if (!moved)
            {
                yield break;
            }

            yield return last = events.Current;
        }
    }

    /// <summary>What made the stream end, the caller before a limit; null when it was neither.</summary>
    private static Exception? Cause(TimeoutWatch watch, Exception? exception, CancellationToken cancellationToken)
    {
        var passed = watch.Passed;
        if (cancellationToken.IsCancellationRequested && (passed is not null || exception is null or OperationCanceledException))
        {
            return CallerCancellation.ToException(exception, cancellationToken);
        }

        return passed is var (phase, limit)
            ? new StreamTimeoutException(phase, limit, exception) { PartialResponse = exception?.GetPartialResponse() }
            : null;
    }
}
