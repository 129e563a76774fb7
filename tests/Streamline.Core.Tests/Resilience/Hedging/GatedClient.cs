using System.Runtime.CompilerServices;

namespace Streamline.Tests.Resilience.Hedging;

/// <summary>A client whose requests wait before their first content until the test lets them go on, and which tells when they wait and when they are closed.</summary>
internal sealed class GatedClient : IStreamClient
{
    private TaskCompletionSource _waiting = NewSignal();
    private TaskCompletionSource _gate = NewSignal();
    private TaskCompletionSource _end = NewSignal();
    private TaskCompletionSource _closed = NewSignal();
    private int _open;
    private int _sent;

    /// <summary>How many of a hundred requests are left.</summary>
    public long? Remaining { get; init; }

    public int Open => Volatile.Read(ref _open);

    public int Sent => Volatile.Read(ref _sent);

    /// <summary>Completes when a request waits before its first content.</summary>
    public Task Waiting => _waiting.Task;

    /// <summary>Completes when the request is closed.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Lets the request have its first content.</summary>
    public void LetGo() => _gate.TrySetResult();

    /// <summary>Lets the request end.</summary>
    public void LetEnd() => _end.TrySetResult();

    public void Reset() => (_waiting, _gate, _end, _closed) = (NewSignal(), NewSignal(), NewSignal(), NewSignal());

    public async IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _open);
        Interlocked.Increment(ref _sent);
        try
        {
            yield return Make.Started();
            yield return new UsageUpdated { Usage = new() { InputTokens = 3 } };
            _waiting.TrySetResult();
            await _gate.Task.WaitAsync(cancellationToken);
            yield return Make.Words("a");
            if (Remaining is { } remaining)
            {
                yield return new RateLimitObserved { Windows = [new() { Resource = "requests", Limit = 100, Remaining = remaining, ObservedAt = DateTimeOffset.UnixEpoch, Raw = "" }] };
            }

            await _end.Task.WaitAsync(cancellationToken);
            yield return Make.Words("b");
            yield return Make.Completed();
        }
        finally
        {
            Interlocked.Decrement(ref _open);
            _closed.TrySetResult();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
