using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace Streamline.Resilience;

/// <summary>
/// What an attempt has sent before its first content. It is held until then, so that an attempt that fails before it leaves no trace; if something else was shown before, the
/// consumer is told first what becomes of it.
/// </summary>
/// <param name="shown">What the consumer has seen.</param>
/// <param name="maxHeldEvents">How many events are held at most.</param>
internal sealed class RetryOpening(ShownBlocks shown, int maxHeldEvents)
{
    private UncommittedEvents? _held;
    private StreamEvent? _next; // to be shown before what is held
    private string? _broken; // why what is shown is broken, until another attempt takes its place
    private bool _hasEnded;

    /// <summary>Gets a value indicating whether the attempt has come to its first content, or to its end.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Gets a value indicating whether events are shown as they are read.</summary>
    public bool IsLive => IsOver && !_hasEnded && _next is null && _held is null;

    /// <summary>Gets the latest event that was held.</summary>
    public StreamEvent? Latest { get; private set; }

    /// <summary>Takes an event that was read.</summary>
    /// <exception cref="Exception">Another response has come in place of the rest of the one that was shown, which must not be discarded: what broke that one.</exception>
    public void Add(StreamEvent streamEvent, RetryAttempts attempts, RetryRecovery? recovery)
    {
        if (IsOver || streamEvent.IsNotice)
        {
            _next = streamEvent;
        }
        else if (streamEvent is StreamResumed { Strategy: not ResumeStrategy.ServerResume } && recovery is not null)
        {
            recovery.Begin();
            (IsOver, _broken, _next) = (true, null, streamEvent);
        }
        else if (recovery is not { IsContinuing: false, Resuming: { } cause } || !TryResume(streamEvent, cause, attempts, recovery))
        {
            IsOver = Hold(streamEvent);
            AnnounceRestart(attempts);
        }
    }

    /// <summary>Notes that the attempt has ended properly.</summary>
    public void End(RetryAttempts attempts, RetryRecovery? recovery)
    {
        _broken = recovery?.Resuming is null ? _broken : null;
        (IsOver, _hasEnded) = (true, true);
        AnnounceRestart(attempts);
    }

    /// <summary>Notes that the attempt has failed.</summary>
    /// <param name="failure">What ended it.</param>
    /// <param name="isResumed">Whether the next attempt asks for the rest of the same response, so that what is held remains its beginning.</param>
    public void Break(Exception failure, bool isResumed)
    {
        _broken = IsOver ? FailureWords.Of(failure) : _broken;
        _held = isResumed ? _held : null;
        IsOver = false;
    }

    /// <summary>Notes that a response is continued beyond its end.</summary>
    public void Reopen() => (IsOver, _hasEnded, _held, Latest) = (false, false, null, null);

    /// <summary>Takes the next event to show.</summary>
    public bool TryTake([NotNullWhen(true)] out StreamEvent? streamEvent)
    {
        (streamEvent, _next) = (_next, null);
        if (streamEvent is null && IsOver && _held?.TryTake(out streamEvent) == true && _held.Count == 0)
        {
            _held = null;
        }

        return streamEvent is not null;
    }

    private bool Hold(StreamEvent streamEvent) => (_held ??= new(maxHeldEvents)).Add(Latest = streamEvent);

    private void AnnounceRestart(RetryAttempts attempts)
    {
        if (IsOver && _broken is { } reason)
        {
            _next = new StreamRestarted { Attempt = attempts.Number, Reason = reason, Discarded = shown.TakeIndexes() };
            _broken = null;
        }
    }

    /// <summary>Takes the first event after a response was asked for its rest. False when it is held like any other.</summary>
    private bool TryResume(StreamEvent streamEvent, Exception cause, RetryAttempts attempts, RetryRecovery recovery)
    {
        if (streamEvent is ResponseStarted)
        {
            // A client that knows nothing of continuation tokens has asked for a new response.
            if (shown.Any && !recovery.MayRestart)
            {
                ExceptionDispatchInfo.Throw(attempts.Report(cause));
            }

            recovery.Forget();
            _held = null;
            return false;
        }

        recovery.Begin();
        if (_broken is not { } reason || _held is not null)
        {
            // Nothing was shown of the response that is resumed; if another was, it is restarted.
            return false;
        }

        Hold(streamEvent);
        (IsOver, _broken) = (true, null);
        _next = new StreamResumed { Attempt = attempts.Number, Reason = reason };
        return true;
    }
}
