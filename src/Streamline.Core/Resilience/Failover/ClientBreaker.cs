namespace Streamline.Resilience;

/// <summary>
/// Whether a client is worth asking: it is left alone for a while after a failure that will last, or when too many requests have failed; then one request probes it. Thread-safe.
/// </summary>
internal sealed class ClientBreaker(FailoverOptions options, SteadyClock clock)
{
    private const double Jitter = 0.1;
    private const int MaxDoublings = 20;

    private readonly Lock _lock = new();
    private readonly Queue<(DateTimeOffset At, bool HasFailed)> _recent = new();
    private DateTimeOffset _openUntil;
    private bool _isOpen;
    private long _probe;
    private long _lastProbe;
    private int _trips;

    /// <summary>Gets when the client may be asked again.</summary>
    public DateTimeOffset OpenUntil
    {
        get
        {
            lock (_lock)
            {
                return _isOpen ? _openUntil : DateTimeOffset.MinValue;
            }
        }
    }

    /// <summary>Gets the kind of failure after which the client was left alone.</summary>
    public FailureKind OpenedBy { get; private set; } = FailureKind.Transient;

    /// <summary>Decides if the client may be used now. If it is, <see cref="Succeed"/>, <see cref="Fail"/> or <see cref="Abandon"/> follows, once.</summary>
    /// <param name="isLastResort">Whether it is asked although it is left alone, because nobody else is there.</param>
    /// <param name="probe">The number of the probe; zero when the request is none. It is passed on to what follows.</param>
    public bool TryEnter(bool isLastResort, out long probe)
    {
        probe = 0;
        lock (_lock)
        {
            if (!_isOpen || isLastResort)
            {
                return true;
            }

            if (_probe != 0 || clock.Now < _openUntil)
            {
                return false;
            }

            probe = _probe = ++_lastProbe;
            return true;
        }
    }

    /// <summary>Notes that the client has begun to answer: it is no longer left alone. <see cref="Succeed"/> or <see cref="Fail"/> counts the request at its end.</summary>
    public void Answer()
    {
        lock (_lock)
        {
            if (_isOpen)
            {
                _recent.Clear();
            }

            (_isOpen, _openUntil, _probe, _trips) = (false, DateTimeOffset.MinValue, 0, 0);
        }
    }

    /// <summary>Counts a request whose answer ended well, or was left after it had begun.</summary>
    public void Succeed()
    {
        lock (_lock)
        {
            Note(hasFailed: false);
        }
    }

    public void Fail(long probe, FailureKind kind, TimeSpan? retryAfter)
    {
        if (kind is not (FailureKind.Transient or FailureKind.Down))
        {
            Abandon(probe);
            return;
        }

        lock (_lock)
        {
            Note(hasFailed: true);

            // Of the requests that were under way when the client was left alone, none says more than the ones before: only the probe makes the time longer.
            var isProbe = IsCurrent(probe);
            var cooldown = kind == FailureKind.Down ? options.DownCooldown : isProbe || (_trips == 0 && IsFailing()) ? NextCooldown() : TimeSpan.Zero;
            if (retryAfter is { } asked && asked > cooldown)
            {
                cooldown = asked;
            }

            if (isProbe)
            {
                _probe = 0;
            }

            if (cooldown > TimeSpan.Zero)
            {
                var until = SteadyClock.Add(clock.Now, cooldown);
                (_isOpen, _openUntil) = (true, until > _openUntil ? until : _openUntil);
                OpenedBy = kind;
            }
        }
    }

    /// <summary>Notes that the request says nothing about the client: it was left, or wrong.</summary>
    public void Abandon(long probe)
    {
        lock (_lock)
        {
            if (IsCurrent(probe))
            {
                _probe = 0;
            }
        }
    }

    private bool IsCurrent(long probe) => probe != 0 && probe == _probe;

    private TimeSpan NextCooldown()
    {
        var doubled = options.Cooldown.TotalSeconds * Math.Pow(2, Math.Min(_trips, MaxDoublings));
        _trips++;
        return TimeSpan.FromSeconds(Math.Min(doubled, Math.Max(options.Cooldown.TotalSeconds, options.MaxCooldown.TotalSeconds)) * (1 + (Jitter * ((2 * options.NextRandom()) - 1))));
    }

    private bool IsFailing() => _recent.Count >= options.MinimumRequests && _recent.Count(request => request.HasFailed) >= options.FailureRatio * _recent.Count;

    private void Note(bool hasFailed)
    {
        const int MaxRecent = 1000;
        var now = clock.Now;
        _recent.Enqueue((now, hasFailed));
        while (_recent.TryPeek(out var oldest) && (now - oldest.At > options.SamplingWindow || _recent.Count > MaxRecent))
        {
            _recent.Dequeue();
        }
    }
}
