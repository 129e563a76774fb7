using System.Runtime.CompilerServices;

namespace Streamline.TestSupport;

/// <summary>A stream client whose attempts are given by the test, one after another, and which notes what was done to it.</summary>
/// <param name="attempts">What each attempt streams; the last one serves all further attempts too.</param>
public sealed class FakeStreamClient(params Func<StreamRequest, CancellationToken, IAsyncEnumerable<StreamEvent>>[] attempts) : IStreamClient
{
    private readonly Lock _lock = new();
    private readonly List<StreamRequest> _requests = [];
    private int _open;
    private int _finished;

    /// <summary>The requests so far, one per attempt that was enumerated.</summary>
    public IReadOnlyList<StreamRequest> Requests
    {
        get
        {
            lock (_lock)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>What the client says of itself.</summary>
    public StreamClientMetadata? Metadata { get; init; }

    /// <summary>How many enumerations are going on now. Zero after everything was left cleanly.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>How many enumerations have ended or were disposed.</summary>
    public int Finished => Volatile.Read(ref _finished);

    /// <summary>A client each of whose attempts streams these events.</summary>
    public static FakeStreamClient Of(params StreamEvent[] events) => new((_, _) => Stream(events));

    public object? GetService(Type serviceType)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceType.IsInstanceOfType(this) ? this : serviceType.IsInstanceOfType(Metadata) ? Metadata : null;
    }

    /// <summary>Streams the given events, yielding before each.</summary>
    public static async IAsyncEnumerable<StreamEvent> Stream(IEnumerable<StreamEvent> events)
    {
        foreach (var streamEvent in events)
        {
            await Task.Yield();
            yield return streamEvent;
        }
    }

    /// <summary>Streams the given events and then fails.</summary>
    public static async IAsyncEnumerable<StreamEvent> StreamThenThrow(Exception exception, params StreamEvent[] events)
    {
        foreach (var streamEvent in events)
        {
            await Task.Yield();
            yield return streamEvent;
        }

        await Task.Yield();
        throw exception;
    }

    /// <summary>Streams the given events and then stalls until it is cancelled.</summary>
    public static async IAsyncEnumerable<StreamEvent> StreamThenStall(
        IEnumerable<StreamEvent> events, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var streamEvent in events)
        {
            await Task.Yield();
            yield return streamEvent;
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
    }

    public async IAsyncEnumerable<StreamEvent> StreamAsync(
        StreamRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        int attempt;
        lock (_lock)
        {
            attempt = _requests.Count;
            _requests.Add(request);
        }

        Interlocked.Increment(ref _open);
        try
        {
            var events = attempts[Math.Min(attempt, attempts.Length - 1)](request, cancellationToken);
            await foreach (var streamEvent in events.WithCancellation(cancellationToken))
            {
                yield return streamEvent;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _open);
            Interlocked.Increment(ref _finished);
        }
    }

}
