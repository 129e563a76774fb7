namespace Streamline.Resilience;

/// <summary>
/// Chooses who is asked for one answer: in order, without those that were asked already, that are left alone, or that cannot help. Of an answer that was shown in part, those come first that
/// can continue it.
/// </summary>
internal sealed class FailoverChoice(FailoverCandidate[] candidates, int most, FailoverAnswer answer)
{
    private readonly List<FailoverCandidate> _asked = [];
    private FailoverCandidate? _latest;
    private FailureKind _kind;
    private string? _reason;
    private string? _errorType;
    private long? _longerThan;
    private bool _isTooLong;

    /// <summary>Chooses the next client.</summary>
    /// <param name="changed">The event that says so, when it is not the one that was expected.</param>
    /// <param name="probe">What <see cref="ClientBreaker.TryEnter"/> of its breaker gave.</param>
    public FailoverCandidate Next(out ClientChanged? changed, out long probe)
    {
        var chosen = ChooseAmong(continuing: true, out probe) ?? ChooseAmong(continuing: false, out probe);
        if (chosen is null)
        {
            // Nobody is known to be well: the one that was to be asked again first, and of several, one that can continue.
            chosen = candidates.Where(IsPossible).OrderByDescending(answer.IsContinuedBy).MinBy(candidate => candidate.Breaker.OpenUntil)!;
            chosen.Breaker.TryEnter(isLastResort: true, out probe);
        }

        _asked.Add(chosen);
        var previous = _latest ?? candidates[0];
        changed = chosen == previous ? null : new ClientChanged
        {
            Client = chosen.Name,
            Previous = previous.Name,
            Kind = _reason is null ? previous.Breaker.OpenedBy : _kind,
            Reason = _reason ?? "it is skipped for a while, because it has failed before",
            ErrorType = _errorType,
            WasPreviousSkipped = _reason is null,
            Provider = chosen.Provider,
            Model = chosen.ModelOf(answer.Request),
        };
        _latest = chosen;
        return chosen;
    }

    /// <summary>Notes why the latest client does not answer.</summary>
    public void Note(FailureKind kind, Exception failure)
    {
        (_kind, _reason, _errorType) = (kind, FailureWords.Of(failure), ErrorTypes.Of(failure));
        if (kind == FailureKind.ContextLength)
        {
            _isTooLong = true;
            _longerThan = _latest!.MaxInputTokens; // a client that is asked after one that was too short takes more than that one
        }
    }

    /// <summary>Notes that the latest client does not continue the answer that was cut in the way that it was asked to. It may be asked in another way.</summary>
    public void NoteRefusal(Exception failure)
    {
        (_reason, _errorType) = ("it does not continue the answer", ErrorTypes.Of(failure));
        _asked.Remove(_latest!);
    }

    /// <summary>Notes that the latest client cannot be asked the request at all.</summary>
    public void NoteUnable() => _reason = "its protocol cannot carry the request";

    /// <summary>Tells whether there is another client to ask.</summary>
    public bool HasNext() => _asked.Count < most && Array.Exists(candidates, IsPossible);

    private FailoverCandidate? ChooseAmong(bool continuing, out long probe)
    {
        probe = 0;
        foreach (var candidate in candidates)
        {
            if (IsPossible(candidate) && answer.IsContinuedBy(candidate) == continuing && candidate.Breaker.TryEnter(isLastResort: false, out probe))
            {
                return candidate;
            }
        }

        return null;
    }

    private bool IsPossible(FailoverCandidate candidate) =>
        !_asked.Contains(candidate) && answer.IsAnsweredBy(candidate) && (!_isTooLong || (candidate.MaxInputTokens is { } tokens && tokens > (_longerThan ?? 0)));
}
