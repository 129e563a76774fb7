namespace Streamline.Resilience;

/// <summary>
/// What the next attempt of a stream asks for: the rest of a response that the provider keeps, a continuation of what was shown, or the response anew. It decides; the stream does what was decided.
/// </summary>
/// <param name="client">The client that is asked.</param>
/// <param name="request">The request of the stream.</param>
/// <param name="options">The options.</param>
/// <param name="shown">What the consumer has seen.</param>
internal sealed class RetryRecovery(IStreamClient client, StreamRequest request, RetryOptions options, ShownBlocks shown)
{
    private readonly ContinuationPlanner _planner = new(options.Continue, PrefillRefusals.Shared);
    private readonly ResponseResumption _resumption = new();
    private Continuation? _continuation;
    private Exception? _cause; // what broke the response that was shown
    private int _continuations;
    private string _reason = "";

    /// <summary>Gets how the next attempt continues the response; <see langword="null"/> when it begins anew.</summary>
    public ResumeStrategy? Strategy => _continuation?.Strategy ?? (_resumption.IsPossible ? ResumeStrategy.ServerResume : null);

    /// <summary>Gets what broke a response whose rest the provider has, while its first event is awaited.</summary>
    public Exception? Resuming => _resumption.Cause;

    /// <summary>Gets a value indicating whether the current attempt continues the response, and has shown nothing yet.</summary>
    public bool IsContinuing => _continuation is { IsJoined: false };

    /// <summary>Gets a value indicating whether the current attempt is made once more, since only the way in which it was to continue the response has failed.</summary>
    public bool IsOtherWay { get; private set; }

    /// <summary>Gets the proper end of a response that is continued beyond it, until there is more to show; it is shown if there never is.</summary>
    public ResponseCompleted? End { get; private set; }

    /// <summary>Gets a value indicating whether a response that was shown may be discarded.</summary>
    public bool MayRestart => End is null && (options.MidStream == MidStreamPolicy.Continue ? options.Continue.Otherwise : options.MidStream) == MidStreamPolicy.Restart;

    private bool IsPaused => End?.FinishReason == FinishReason.Pause;

    /// <summary>Opens the stream of an attempt.</summary>
    public IAsyncEnumerator<StreamEvent> Open(int attempt, CancellationToken cancellationToken)
    {
        IsOtherWay = false;
        return _continuation is null
            ? StreamFold.GetUnfoldedEnumerator(client.StreamAsync(_resumption.Apply(request), cancellationToken), cancellationToken)
            : _continuation.StreamAsync(client, attempt, _reason, cancellationToken).GetAsyncEnumerator(cancellationToken);
    }

    /// <summary>Finds another way if what failed is only the way in which a response was to be continued. The attempt is not over then.</summary>
    /// <exception cref="Exception">There is no other way: the failure of the response itself.</exception>
    public bool TryOtherWay(Exception exception, StreamState? state)
    {
        if (!IsContinuing || !_planner.Refuse(_continuation!, client, exception))
        {
            return false;
        }

        _continuation = Plan(state!, End?.Usage, IsPaused);
        IsOtherWay = _continuation is not null || MayRestart ? true : throw _cause ?? exception;
        return true;
    }

    /// <summary>Decides what follows a failed attempt.</summary>
    /// <param name="exception">What ended it.</param>
    /// <param name="latest">The latest event that was read of it.</param>
    /// <param name="isBroken">Whether it is a response that was being shown.</param>
    /// <param name="state">What was shown, where a continuation has to know.</param>
    /// <param name="failure">The failure to decide about.</param>
    /// <returns><see langword="false"/> when no attempt may follow.</returns>
    public bool Decide(Exception exception, StreamEvent? latest, bool isBroken, StreamState? state, out Exception failure)
    {
        failure = exception = _continuation is null ? _resumption.Find(exception, latest) : exception;
        if (isBroken)
        {
            (_cause, _reason) = (exception, FailureWords.Of(exception));
        }

        _continuation = null;
        if (_resumption.IsPossible || !shown.Any)
        {
            return true;
        }

        _continuation = state is not null && (End is not null || options.MidStream == MidStreamPolicy.Continue) ? Plan(state, End?.Usage, IsPaused) : null;
        return _continuation is not null || MayRestart;
    }

    /// <summary>Decides whether a response that ended properly is continued.</summary>
    public bool TryContinue(ResponseCompleted completed, StreamState state)
    {
        var isPause = completed.FinishReason == FinishReason.Pause;
        if (_continuations >= options.Continue.MaxContinuations || !(isPause ? options.Continue.OnPause : options.Continue.OnLength))
        {
            return false;
        }

        _continuation = Plan(state, completed.Usage, isPause);
        if (_continuation is null)
        {
            return false;
        }

        End = completed;
        _continuations++;
        _reason = isPause ? "the provider paused its turn" : "the limit on output tokens was reached";
        return true;
    }

    /// <summary>Notes that the first event of the rest has come.</summary>
    public void Begin()
    {
        _resumption.Begin();
        End = null;
    }

    /// <summary>Notes that the response is not resumed after all: another one has come.</summary>
    public void Forget() => _resumption.Forget();

    private Continuation? Plan(StreamState state, TokenUsage? usage, bool isPause) => isPause
        ? ContinuationPlanner.PlanPaused(request, state, usage ?? state.Usage)
        : _planner.Plan(client, request, state, usage ?? state.Usage, out _);
}
