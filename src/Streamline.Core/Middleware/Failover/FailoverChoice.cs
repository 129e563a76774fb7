namespace Streamline;

/// <summary>Chooses who is asked for one answer: in order, without those that were asked already, that are left alone, or that cannot help.</summary>
internal sealed class FailoverChoice(FailoverCandidate[] candidates, int most)
{
    private readonly HashSet<FailoverCandidate> _asked = [];
    private FailoverCandidate? _latest;
    private FailureKind _kind;
    private string? _reason;
    private long? _longerThan;
    private bool _isTooLong;

    /// <summary>Chooses the next client.</summary>
    /// <param name="changed">The event that says so, when it is not the one that was expected.</param>
    /// <param name="probe">What <see cref="ClientBreaker.TryEnter"/> of its breaker gave.</param>
    public FailoverCandidate Next(out ClientChanged? changed, out long probe)
    {
        var number = 0L;
        var chosen = Array.Find(candidates, candidate => IsPossible(candidate) && candidate.Breaker.TryEnter(isLastResort: false, out number));
        if (chosen is null)
        {
            // Nobody is known to be well: the one that was to be asked again first.
            chosen = candidates.Where(IsPossible).MinBy(candidate => candidate.Breaker.OpenUntil)!;
            chosen.Breaker.TryEnter(isLastResort: true, out number);
        }

        probe = number;

        _asked.Add(chosen);
        var previous = _latest ?? candidates[0];
        changed = chosen == previous ? null : new ClientChanged
        {
            Client = chosen.Name,
            Previous = previous.Name,
            Kind = _reason is null ? FailureKind.Transient : _kind,
            Reason = _reason ?? "it has failed before, and is left alone",
        };
        _latest = chosen;
        return chosen;
    }

    /// <summary>Tells whether there is another client to ask after a failure.</summary>
    public bool CanGoOn(FailureKind kind, Exception failure)
    {
        if (kind is FailureKind.Request or FailureKind.Other || _asked.Count >= most)
        {
            return false;
        }

        (_kind, _reason) = (kind, FailureWords.Of(failure));
        if (kind == FailureKind.ContextLength)
        {
            _isTooLong = true;
            _longerThan = _latest!.MaxInputTokens is { } tokens ? Math.Max(_longerThan ?? 0, tokens) : _longerThan;
        }

        return Array.Exists(candidates, IsPossible);
    }

    private bool IsPossible(FailoverCandidate candidate) =>
        !_asked.Contains(candidate) && (!_isTooLong || (candidate.MaxInputTokens is { } tokens && tokens > (_longerThan ?? 0)));
}
