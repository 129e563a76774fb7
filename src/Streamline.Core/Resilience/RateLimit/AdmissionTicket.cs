namespace Streamline.Resilience;

/// <summary>The place of one request in an <see cref="AdmissionQueue"/>.</summary>
internal sealed class AdmissionTicket(int priority, RateLimitDemand demand, long since)
{
    /// <summary>The longest time that is waited at once; a timer takes 49 days.</summary>
    internal static readonly TimeSpan LongestWait = TimeSpan.FromDays(24);

    private TaskCompletionSource _wake = NewSignal();

    public int Priority => priority;

    public RateLimitDemand Demand => demand;

    /// <summary>Gets when the request came.</summary>
    public long Since => since;

    /// <summary>Gets or sets how many requests are before it.</summary>
    public int Position { get; set; }

    /// <summary>Gets or sets the id of its reservation.</summary>
    public string? ReservationId { get; set; }

    /// <summary>Gets what it waits for.</summary>
    public string Resource { get; private set; } = "";

    /// <summary>Gets how long it is worth waiting before the next try; zero when only something else can wake it.</summary>
    public TimeSpan Delay { get; private set; }

    /// <summary>Gets when <see cref="Delay"/> began.</summary>
    public long DelaySince { get; private set; }

    /// <summary>Gets or sets a value indicating whether its client has stopped reading, so that others go first. To be used under the lock of the queue.</summary>
    public bool IsAway { get; set; }

    public void WaitFor(string resource, TimeSpan delay, long now) => (Resource, Delay, DelaySince) = (resource, delay, now);

    public void Wake() => Volatile.Read(ref _wake).TrySetResult();

    /// <summary>Forgets that it was woken. To be called under the lock of the queue, before a try: what wakes it during the try counts.</summary>
    public void Reset()
    {
        if (_wake.Task.IsCompleted)
        {
            Volatile.Write(ref _wake, NewSignal());
        }
    }

    /// <summary>Waits until it is woken, or until it is due; a wait of more than <see cref="LongestWait"/> ends after that time.</summary>
    public async ValueTask WaitAsync(TimeSpan due, TimeProvider time, CancellationToken cancellationToken)
    {
        var wake = Volatile.Read(ref _wake);
        var registration = cancellationToken.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), wake);
        await using (registration.ConfigureAwait(false))
        {
            var timer = time.CreateTimer(static state => ((TaskCompletionSource)state!).TrySetResult(), wake, due < LongestWait ? due : LongestWait, Timeout.InfiniteTimeSpan);
            await using (timer.ConfigureAwait(false))
            {
                await wake.Task.ConfigureAwait(false);
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
