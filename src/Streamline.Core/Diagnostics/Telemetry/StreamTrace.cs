using System.Diagnostics;
using Microsoft.Extensions.AI;
using Streamline.Resilience;

namespace Streamline.Diagnostics;

/// <summary>Follows one stream, over all its attempts, clients and rounds: a span for the whole, and one for each request.</summary>
internal sealed class StreamTrace
{
    private readonly StreamRequest _request;
    private readonly TelemetryOptions _options;
    private readonly StreamInstruments _instruments;
    private readonly TracedClient _primary;
    private readonly TimeProvider _time;
    private readonly bool _isCounted;
    private readonly ToolTimes _tools;
    private readonly StreamState? _content;
    private readonly Activity? _whole;
    private AttemptTrace? _attempt;
    private AttemptTrace? _broken; // its tokens are not counted yet: the rest of its response may still be fetched
    private TracedClient _client;
    private TimeSpan _waited; // since the last chunk
    private bool _isWithin; // a chunk of the attempt has come
    private long _limitedSince;
    private string _limitedBy = "";
    private bool _hasEnded;
    private bool _isTentative;
    private bool _isAnswered; // by the cache
    private bool _isShared; // by another stream, whose requests and tools are its own

    public StreamTrace(StreamRequest request, TelemetryOptions options, StreamClientMetadata? metadata, TimeProvider time, bool isCounted)
    {
        (_request, _options, _time, _isCounted) = (request, options, time, isCounted);
        _client = _primary = new TracedClient(metadata?.Provider, request.Options?.ModelId ?? metadata?.DefaultModel);
        _instruments = StreamInstruments.Of(options.Edition);
        _tools = new ToolTimes(time);
        _content = options.CaptureContent ? new StreamState(metadata?.MaxRetainedChars ?? StreamState.DefaultMaxRetainedChars) : null;
        _whole = StreamInstruments.Source.StartActivity("streamline.stream");
        _attempt = Begin();
    }

    /// <summary>Gets the span under which the pipeline runs now.</summary>
    public Activity? Current => _attempt?.Activity ?? _whole;

    /// <summary>Notes an event.</summary>
    /// <param name="streamEvent">The event.</param>
    /// <param name="waitedFrom">When the wait for it began; 0 when it was there.</param>
    public void Note(StreamEvent streamEvent, long waitedFrom)
    {
        _content?.Apply(streamEvent);
        _waited += waitedFrom == 0 ? TimeSpan.Zero : _time.GetElapsedTime(waitedFrom);
        if (_limitedSince != 0 && streamEvent is not (RateLimitWait or HedgeStarted))
        {
            EndLimitWait(); // whatever comes next: a request that continues a response does not show its beginning
        }

        switch (streamEvent)
        {
            case TextDelta or ReasoningDelta or ToolInputDelta or RefusalDelta:
                NoteChunk();
                break;
            case ResponseStarted started:
                CountBroken(); // another response has begun in its place
                _isWithin = false;
                if (!_isAnswered)
                {
                    (_attempt ??= Begin()).Note(started);
                }

                break;
            case UsageUpdated updated:
                _attempt?.Note(updated.Usage);
                break;
            case ResponseCompleted completed:
                Complete(completed);
                break;
            default:
                NoteOther(streamEvent);
                break;
        }
    }

    /// <summary>Ends everything that is open.</summary>
    public void End(string outcome, Exception? failure)
    {
        if (_hasEnded)
        {
            return;
        }

        _hasEnded = true;
        EndLimitWait();
        EndLast(outcome, failure);
        _tools.End();
        _whole?.SetTag("streamline.outcome", outcome);
        if (failure is not null)
        {
            _whole?.SetTag(GenAiNames.ErrorType, ErrorTypes.Of(failure)).SetStatus(ActivityStatusCode.Error, FailureWords.Of(failure));
        }

        _whole?.Dispose();
    }

    // A request that its own rate limits held back until it failed was never sent.
    private static bool IsUnsent(AttemptTrace attempt, string? errorType) => !attempt.HasStarted && errorType is "limit.MaxWait" or "limit.MaxQueuedRequests";

    private AttemptTrace Begin()
    {
        // Its parent is the whole, wherever the consumer is now.
        var previous = Activity.Current;
        _isWithin = false;
        Activity.Current = _whole ?? previous;
        try
        {
            var attempt = new AttemptTrace(_instruments, _time, _request.Options, _client, _isCounted);
            if (_content is not null && attempt.Activity is { IsAllDataRequested: true } activity)
            {
                activity.SetTag(GenAiNames.InputMessages, TracedContent.Of(_request.Messages, _options.Redact));
                if (_request.Options?.Instructions is { } instructions)
                {
                    activity.SetTag(GenAiNames.SystemInstructions, TracedContent.Redacted(instructions, _options.Redact));
                }
            }

            return attempt;
        }
        finally
        {
            Activity.Current = previous;
        }
    }

    private void NoteChunk()
    {
        _attempt?.NoteChunk(_time.GetTimestamp());
        if (_isWithin && _waited > TimeSpan.Zero)
        {
            StreamInstruments.Gap.Record(_waited.TotalSeconds);
            if (_waited >= _options.StallAfter)
            {
                StreamInstruments.Stalls.Add(1);
                Current?.AddEvent(new ActivityEvent("streamline.stall", tags: new ActivityTagsCollection { ["streamline.wait"] = _waited.TotalSeconds }));
            }
        }

        (_isWithin, _waited) = (true, TimeSpan.Zero);
    }

    private void Complete(ResponseCompleted completed)
    {
        (_client, _isWithin) = (_primary, false); // the next round begins with the first client
        if (_attempt is not { } attempt)
        {
            if (!_isShared && _tools.EndResponse() && !_isAnswered)
            {
                (_attempt, _isTentative) = (Begin(), true);
            }

            return;
        }

        attempt.Finish(completed);
        if (_content is not null)
        {
            attempt.Activity?.SetTag(GenAiNames.OutputMessages, TracedContent.Of([_content.ToChatMessage()], _options.Redact));
        }

        attempt.End("completed", error: null, description: null);
        Count(attempt);
        _attempt = null;
        if (_tools.EndResponse())
        {
            (_attempt, _isTentative) = (Begin(), true);
        }
    }

    private void NoteOther(StreamEvent streamEvent)
    {
        if (_isShared && streamEvent is not CacheAnswered)
        {
            return; // measured where the requests are sent and the tools run, once
        }

        switch (streamEvent)
        {
            case RetryScheduled retry:
                Break(retry.ErrorType, retry.Reason);
                StreamInstruments.Retries.Add(1, new KeyValuePair<string, object?>("streamline.reason", retry.Reason));
                _whole?.AddEvent(new ActivityEvent("streamline.retry", tags: new ActivityTagsCollection { ["streamline.reason"] = retry.Reason, ["streamline.delay"] = retry.Delay.TotalSeconds }));
                (_attempt, _isTentative) = (Begin(), false);
                break;
            case StreamResumed resumed:
                Resume(resumed);
                StreamInstruments.Resumes.Add(1);
                _whole?.AddEvent(new ActivityEvent("streamline.resume", tags: new ActivityTagsCollection { ["streamline.reason"] = resumed.Reason }));
                break;
            case StreamRestarted restarted:
                StreamInstruments.Restarts.Add(1);
                _whole?.AddEvent(new ActivityEvent("streamline.restart", tags: new ActivityTagsCollection { ["streamline.reason"] = restarted.Reason }));
                break;
            case ClientChanged changed:
                if (changed.WasPreviousSkipped && _attempt is { HasStarted: false } unsent)
                {
                    unsent.Drop(); // no request was sent
                    _attempt = null;
                }

                Break(changed.ErrorType, changed.Reason);
                _client = new TracedClient(changed.Provider, changed.Model);
                StreamInstruments.Failovers.Add(1, new KeyValuePair<string, object?>("streamline.failure", changed.Kind.ToString()));
                _whole?.AddEvent(new ActivityEvent("streamline.failover", tags: new ActivityTagsCollection { ["streamline.client"] = changed.Client, ["streamline.reason"] = changed.Reason }));
                (_attempt, _isTentative) = (Begin(), false);
                _attempt.Activity?.SetTag("streamline.client", changed.Client);
                break;
            case HedgeStarted started:
                Current?.AddEvent(new ActivityEvent("streamline.hedge", tags: new ActivityTagsCollection { ["streamline.client"] = started.Client, ["streamline.delay"] = started.Delay.TotalSeconds }));
                break;
            case HedgeEnded ended:
                StreamInstruments.Hedges.Add(1, new KeyValuePair<string, object?>("streamline.winner", ended.Winner));
                Current?.SetTag("streamline.client", ended.Winner);
                break;
            case CacheAnswered answered:
                (_isAnswered, _isShared) = (true, answered.IsLive);
                StreamInstruments.Cache.Add(1, new KeyValuePair<string, object?>("streamline.cache", answered.IsLive ? "join" : "hit"));
                _whole?.SetTag("streamline.cache", answered.IsLive ? "join" : "hit");
                _attempt?.Drop(); // no request was sent
                _attempt = null;
                break;
            case RateLimitWait wait:
                EndLimitWait();
                (_limitedSince, _limitedBy) = (_time.GetTimestamp(), wait.Resource);
                break;
            default:
                NoteTool(streamEvent);
                break;
        }
    }

    private void NoteTool(StreamEvent streamEvent)
    {
        // No tool runs in an answer that was stored, so that the cache is inside of the tool loop: the next request may be sent.
        _isAnswered &= streamEvent is not (ToolExecutionStarted or ToolResult);
        if (_tools.Note(streamEvent) && _attempt is null)
        {
            (_attempt, _isTentative) = (Begin(), true); // all calls are answered: the next request follows
        }
    }

    // The tokens of an attempt that broke are counted when it is known that the rest of its response is not fetched.
    private void Break(string? errorType, string reason)
    {
        if (_attempt is not { } attempt)
        {
            return;
        }

        if (IsUnsent(attempt, errorType))
        {
            attempt.Drop();
            _attempt = null;
            return;
        }

        Replace(attempt);
        attempt.End("failed", errorType ?? ErrorTypes.Other, reason);
    }

    // What is known of the tokens of an earlier attempt is not lost to one that brought none.
    private void Replace(AttemptTrace attempt)
    {
        _attempt = null;
        if (attempt.IsFetched && _broken is { } owner)
        {
            owner.NoteTotal(attempt.Usage);
        }
        else if (_broken is null || attempt.Usage is not null)
        {
            CountBroken();
            _broken = attempt;
        }
    }

    // Only the provider can send the rest of a response that it kept; all other ways are requests for a continuation.
    private void Resume(StreamResumed resumed)
    {
        if (resumed.Strategy == ResumeStrategy.ServerResume)
        {
            _attempt?.Fetch();
            return;
        }

        if (_attempt is { HasStarted: true } ended)
        {
            ended.NoteTotal(resumed.PriorUsage);
            Replace(ended); // it ended properly, and is continued
            ended.End("completed", error: null, description: null);
        }

        var previous = _broken;
        previous?.NoteTotal(resumed.PriorUsage);
        CountBroken();
        (_attempt ??= Begin()).Continue(resumed, previous);
    }

    private void EndLast(string outcome, Exception? failure)
    {
        var error = failure is null ? null : ErrorTypes.Of(failure);
        var isExpectedOnly = _isTentative && _attempt is { HasStarted: false } && failure is null; // the next request was never sent
        if (_attempt is { } attempt)
        {
            if (isExpectedOnly || IsUnsent(attempt, error))
            {
                attempt.Drop();
            }
            else
            {
                attempt.End(outcome, error, failure is null ? null : FailureWords.Of(failure));
                Count(attempt);
            }
        }

        CountBroken();
    }

    // The tokens of a response that was fetched are those of the request that it answers.
    private void Count(AttemptTrace attempt)
    {
        if (attempt.IsFetched && _broken is { } owner)
        {
            owner.NoteTotal(attempt.Usage);
        }
        else
        {
            attempt.CountTokens();
        }

        CountBroken();
    }

    private void CountBroken()
    {
        _broken?.CountTokens();
        _broken = null;
    }

    private void EndLimitWait()
    {
        if (_limitedSince != 0)
        {
            StreamInstruments.RateLimitWaits.Record(_time.GetElapsedTime(_limitedSince).TotalSeconds, new KeyValuePair<string, object?>("streamline.resource", _limitedBy));
            _limitedSince = 0;
        }
    }
}
