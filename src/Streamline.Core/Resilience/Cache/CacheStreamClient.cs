using System.Runtime.CompilerServices;
using Microsoft.Extensions.Caching.Distributed;

namespace Streamline.Resilience;

/// <summary>Answers from a cache, and lets equal requests share one answer; see <see cref="CacheOptions"/>.</summary>
internal sealed class CacheStreamClient(IStreamClient inner, CacheOptions options, IDistributedCache? cache, TimeProvider time) : IteratorStageClient(inner)
{
    // Storing is not to withhold the end of an answer for long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly StreamClientMetadata? _metadata = inner.GetService(typeof(StreamClientMetadata)) as StreamClientMetadata;
    private readonly Lock _lock = new();
    private readonly Dictionary<FlightKey, SharedStream> _flights = [];

    /// <summary>Gets how many answers are under way.</summary>
    internal int Flights
    {
        get
        {
            lock (_lock)
            {
                return _flights.Count;
            }
        }
    }

    protected override async IAsyncEnumerable<StreamEvent> IterateAsync(StreamRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var tenant = options.Tenant?.Invoke(request);
        var key = CacheKey.Of(request, tenant, _metadata, options.Name);
        if (key is not null && await FindAsync(key, cancellationToken).ConfigureAwait(false) is { } stored)
        {
            yield return new CacheAnswered { IsLive = false };
            foreach (var streamEvent in stored)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (options.ReplayInterval > TimeSpan.Zero && streamEvent is TextDelta or ReasoningDelta or ToolInputDelta)
                {
                    await Task.Delay(options.ReplayInterval, time, cancellationToken).ConfigureAwait(false);
                }

                yield return streamEvent;
            }

            yield break;
        }

        var flightKey = key is null ? null : FlightKey.Of(key, tenant, request);
        var (flight, reader, isJoined) = Join(key, flightKey, request);
        try
        {
            if (isJoined)
            {
                yield return new CacheAnswered { IsLive = true };
            }

            while (await flight.ReadAsync(reader, cancellationToken).ConfigureAwait(false) is { } streamEvent)
            {
                yield return streamEvent;
            }
        }
        finally
        {
            if (await flight.LeaveAsync(reader).ConfigureAwait(false))
            {
                Forget(flightKey, flight);
            }
        }
    }

    private (SharedStream Flight, SharedStream.Reader Reader, bool IsJoined) Join(string? key, FlightKey? flightKey, StreamRequest request)
    {
        SharedStream flight;
        SharedStream.Reader reader;
        lock (_lock)
        {
            if (flightKey is not null && options.SingleFlight && _flights.TryGetValue(flightKey, out var running) && running.TryJoin() is { } late)
            {
                return (running, late, true);
            }

            flight = new SharedStream(options.MaxEntryChars);
            reader = flight.TryJoin()!;
            if (flightKey is not null)
            {
                _flights[flightKey] = flight;
            }
        }

        var entry = cache is not null && key is not null ? new CacheEntry(options.MaxEntryChars) : null;
        flight.Start(token => OpenInner(request, token), token => EndAsync(key, flightKey, flight, entry, token), streamEvent => entry?.Add(streamEvent));
        return (flight, reader, false);
    }

    // Stored before nobody can join any more, so that there is no moment at which neither is there.
    private async Task EndAsync(string? key, FlightKey? flightKey, SharedStream flight, CacheEntry? entry, CancellationToken left)
    {
        if (entry?.ToBytes() is { } bytes)
        {
            try
            {
                using var stop = CancellationTokenSource.CreateLinkedTokenSource(left);
                using var timer = stop.CancelSafelyAfter(Patience, time);
                await cache!.SetAsync(key!, bytes, new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = options.Expiration }, stop.Token).WaitAsync(stop.Token).ConfigureAwait(false);
            }
            catch (Exception)
            {
                // A cache that fails, or takes too long, must not fail the answer: it is asked for again.
            }
        }

        Forget(flightKey, flight);
    }

    private void Forget(FlightKey? key, SharedStream flight)
    {
        lock (_lock)
        {
            if (key is not null && _flights.TryGetValue(key, out var known) && known == flight)
            {
                _flights.Remove(key);
            }
        }
    }

    private async ValueTask<IReadOnlyList<StreamEvent>?> FindAsync(string key, CancellationToken cancellationToken)
    {
        if (cache is null)
        {
            return null;
        }

        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using var timer = stop.CancelSafelyAfter(Patience, time);
            return await cache.GetAsync(key, stop.Token).WaitAsync(stop.Token).ConfigureAwait(false) is { } bytes ? CacheEntry.Read(bytes) : null;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return null; // a cache that fails, or takes too long, must not fail the answer
        }
    }
}
