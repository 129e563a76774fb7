using System.Diagnostics.CodeAnalysis;

namespace Streamline.Resilience;

/// <summary>What was shown of one answer, and how a client brings the rest of it: by a continuation, by an answer of its own in place of it, or not at all.</summary>
internal sealed class FailoverAnswer
{
    private readonly StreamRequest _request;
    private readonly FailoverOptions _options;
    private readonly ShownBlocks _shown = new();
    private readonly ContinuationPlanner _planner;
    private readonly StreamState? _state; // there only where a continuation has to know it
    private readonly Dictionary<FailoverCandidate, Continuation?> _plans = [];
    private Continuation? _continuation;
    private Exception? _cause; // what cut the answer that was shown
    private Exception? _latest; // why no client has answered, apart from those that could not be asked at all
    private string? _broken;
    private int _attempts;

    public FailoverAnswer(StreamRequest request, FailoverOptions options, long maxRetainedChars)
    {
        (_request, _options) = (request, options);
        _planner = new ContinuationPlanner(options.Continue, PrefillRefusals.Shared);
        _state = options.MidStream == MidStreamPolicy.Continue ? new StreamState(maxRetainedChars) : null;
    }

    /// <summary>Gets the request for it.</summary>
    public StreamRequest Request => _request;

    /// <summary>Gets a value indicating whether another client may be asked for it.</summary>
    public bool IsOpen => !_shown.Any || (!_shown.IsFinal && _options.MidStream != MidStreamPolicy.Fail);

    private bool MayRestart => (_options.MidStream == MidStreamPolicy.Continue ? _options.Continue.Otherwise : _options.MidStream) == MidStreamPolicy.Restart;

    /// <summary>Tells whether a client can bring the answer, or the rest of it.</summary>
    public bool IsAnsweredBy(FailoverCandidate candidate) => !_shown.Any || MayRestart || IsContinuedBy(candidate);

    /// <summary>Tells whether a client can continue what was shown.</summary>
    public bool IsContinuedBy(FailoverCandidate candidate)
    {
        if (!_shown.Any || _state is null)
        {
            return false;
        }

        if (!_plans.TryGetValue(candidate, out var plan))
        {
            _plans.Add(candidate, plan = _planner.Plan(candidate.Client, candidate.Adapt(_request), _state, _state.Usage, out _));
        }

        return plan is not null;
    }

    /// <summary>Asks a client.</summary>
    public IAsyncEnumerator<StreamEvent> Open(FailoverCandidate candidate, CancellationToken cancellationToken)
    {
        _attempts++;
        _continuation = IsContinuedBy(candidate) ? _plans[candidate] : null;
        _plans.Clear(); // a plan is good for one attempt
        return _continuation is null
            ? StreamFold.GetUnfoldedEnumerator(candidate.Client.StreamAsync(candidate.Adapt(_request), cancellationToken), cancellationToken)
            : _continuation.StreamAsync(candidate.Client, _attempts, _broken!, cancellationToken).GetAsyncEnumerator(cancellationToken);
    }

    /// <summary>Gives the announcement that what was shown is discarded, if the answer that follows takes its place.</summary>
    public bool TryRestart([NotNullWhen(true)] out StreamRestarted? restarted)
    {
        restarted = _broken is null || _continuation is not null ? null : new StreamRestarted { Attempt = _attempts, Reason = _broken, Discarded = _shown.TakeIndexes() };
        if (restarted is null)
        {
            return false;
        }

        (_cause, _broken) = (null, null);
        _state?.Apply(restarted);
        return true;
    }

    /// <summary>Notes what is shown next.</summary>
    public void Add(StreamEvent streamEvent)
    {
        _shown.Add(streamEvent);
        _state?.Apply(streamEvent);
    }

    /// <summary>Notes what ended the stream of a client, and finds out if that says only that the client does not continue the answer in this way.</summary>
    /// <param name="candidate">The client.</param>
    /// <param name="failure">What ended its stream.</param>
    /// <param name="hasContent">Whether a part of what it sent was shown.</param>
    public bool IsRefusedBy(FailoverCandidate candidate, Exception failure, bool hasContent)
    {
        if (hasContent)
        {
            (_cause, _broken) = (failure, FailureWords.Of(failure));
            return false;
        }

        _latest = failure is ArgumentException ? _latest ?? failure : failure;

        return _continuation is not null && _planner.Refuse(_continuation, candidate.Client, failure);
    }

    /// <summary>Gets the exception to throw when nobody is left to ask: what cut the answer that was shown, or else the latest failure of a client that was asked.</summary>
    public Exception Report(Exception latest) => _cause ?? _latest ?? latest;
}
