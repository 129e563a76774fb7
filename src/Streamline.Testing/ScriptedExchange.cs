namespace Streamline.Testing;

/// <summary>One request to a <see cref="ScriptedProvider"/> and what became of its reply, as seen from the provider's side.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class ScriptedExchange
{
    private const int Going = -1;

    private readonly TaskCompletionSource<ExchangeOutcome> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _stalled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _bytesWritten;
    private int _outcome = Going;

    internal ScriptedExchange(ScriptedRequest request) => Request = request;

    /// <summary>Gets the request, without its credentials.</summary>
    public ScriptedRequest Request { get; }

    /// <summary>Gets how many bytes of the body have been handed to the connection or, in process, to the reader.</summary>
    public long BytesWritten => Interlocked.Read(ref _bytesWritten);

    /// <summary>Gets a task that completes when the exchange is over; it never fails.</summary>
    public Task<ExchangeOutcome> Completion => _completion.Task;

    /// <summary>Gets a task that completes when the reply stalls by <see cref="FaultPlan.StallAt"/>, and fails with an <see cref="InvalidOperationException"/> when the exchange is over without that.</summary>
    public Task Stalled => _stalled.Task;

    /// <summary>Gets a value indicating whether the client left before the end of the reply.</summary>
    /// <remarks>A client that leaves while the last bytes are on their way may go unnoticed; stall the reply to be sure.</remarks>
    public bool IsClientGone => Volatile.Read(ref _outcome) == (int)ExchangeOutcome.ClientGone;

    /// <summary>Gets why there was no reply, or why it could not be sent; <see langword="null"/> unless the outcome is <see cref="ExchangeOutcome.Failed"/>.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Lets a stalled reply continue, or one that has yet to stall pass without a stall.</summary>
    public void Release() => _released.TrySetResult();

    internal Task StallAsync(CancellationToken cancellationToken)
    {
        _stalled.TrySetResult();
        return _released.Task.WaitAsync(cancellationToken);
    }

    internal void AddBytes(int count) => Interlocked.Add(ref _bytesWritten, count);

    /// <summary>Notes how the exchange ended. What is noted first stays.</summary>
    internal void Complete(ExchangeOutcome outcome) => Complete(outcome, failure: null);

    internal void Fail(Exception failure) => Complete(ExchangeOutcome.Failed, failure);

    private void Complete(ExchangeOutcome outcome, Exception? failure)
    {
        if (Interlocked.CompareExchange(ref _outcome, (int)outcome, Going) == Going)
        {
            Failure = failure;
            if (_stalled.TrySetException(new InvalidOperationException($"The exchange is over without a stall; its outcome is {outcome}.", failure)))
            {
                _ = _stalled.Task.Exception; // observed, though most tests do not wait for a stall
            }

            _completion.SetResult(outcome);
        }
    }
}
