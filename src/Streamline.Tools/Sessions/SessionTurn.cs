using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Resilience;

namespace Streamline.Tools;

/// <summary>The turn that runs: its rounds, and the messages that were delivered between them. Used under the lock of the session.</summary>
/// <param name="number">The number of the turn.</param>
/// <param name="history">The conversation before it.</param>
/// <param name="opening">The messages that began it.</param>
/// <param name="maxRetainedChars">How much of each response is kept, as <see cref="StreamState"/> has it.</param>
internal sealed class SessionTurn(int number, IReadOnlyList<ChatMessage> history, IReadOnlyList<ChatMessage> opening, long maxRetainedChars)
{
    private readonly TaskCompletionSource<SessionTurnEnded> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(int Round, IReadOnlyList<ChatMessage> Messages)> _steers = [];
    private readonly List<ChatResponse> _rounds = [];
    private StreamState _round = new(maxRetainedChars);
    private bool _haveToolsStarted; // of the round that runs
    private bool _isAnswered; // whether anything of a response has arrived
    private bool _leavesOutUnanswered;
    private Exception? _foldFailure;

    public int Number => number;

    /// <summary>The conversation before the turn.</summary>
    public IReadOnlyList<ChatMessage> History { get; set; } = history;

    /// <summary>The messages that began the turn.</summary>
    public IReadOnlyList<ChatMessage> Opening => _leavesOutUnanswered && !_isAnswered ? [] : opening;

    /// <summary>Cancels the stream.</summary>
    public CancellationToken Token => Cancellation.Token;

    /// <summary>Whether another message cut it off.</summary>
    public bool IsInterrupted { get; set; }

    /// <summary>Whether what had arrived of the last round is left out, unless a tool of it had started: what that has done must be known.</summary>
    public bool DropsPartial { get; set; }

    /// <summary>Whether it is to end after the round that runs.</summary>
    public bool IsStopping { get; set; }

    public IReadOnlyCollection<ApprovalRequested> OpenApprovals => _round.PendingApprovals;

    /// <summary>Completes when the turn has ended. It does not fail.</summary>
    public Task<SessionTurnEnded> Ended => _ended.Task;

    // It has no timer and is linked to nothing, so there is nothing to dispose.
    private CancellationTokenSource Cancellation { get; } = new();

    /// <summary>Cuts the turn off. What a callback of a client or tool throws is its own affair: the turn ends all the same.</summary>
    public void Cancel() => _ = CancelAsync();

    /// <summary>Cuts the turn off, and waits until all have been told. It does not fail.</summary>
    public async Task CancelAsync() => await Cancellation.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public void End(SessionTurnEnded ended) => _ended.TrySetResult(ended);

    /// <exception cref="StreamLimitException">A response is longer than may be kept.</exception>
    public void Apply(StreamEvent streamEvent)
    {
        // A response that began anew without the one before having ended is a retry, which the state itself knows of.
        if (streamEvent is ResponseStarted && _round.IsCompleted)
        {
            _rounds.Add(_round.ToChatResponse());
            _round = new StreamState(maxRetainedChars);
            _haveToolsStarted = false;
        }

        _isAnswered |= streamEvent is not (KeepAlive or RetryScheduled or RateLimitObserved);
        _haveToolsStarted |= streamEvent is ToolExecutionStarted or ToolResult;
        _round.Apply(streamEvent);
        _round.ThrowIfRetentionExceeded();
    }

    /// <summary>Notes messages that were added to the conversation before a round.</summary>
    public void AddSteers(int round, IReadOnlyList<ChatMessage> messages) => _steers.Add((round, messages));

    /// <summary>Leaves messages out to which no response has begun, if they are what the turn failed of: every later request would fail of them too.</summary>
    public void LeaveOutUnsendable(Exception failure) =>
        _leavesOutUnanswered = failure is ArgumentException or InvalidOperationException or NotSupportedException or JsonException || FailoverOptions.KindOf(failure) is FailureKind.Request or FailureKind.ContextLength;

    /// <summary>Tells why no response can be made of the events of the last round; <see langword="null"/> if one can.</summary>
    public Exception? FindFoldFailure()
    {
        FoldLast(isOpen: true);
        return _foldFailure;
    }

    /// <summary>Makes the answer so far, with the messages that were delivered between its rounds.</summary>
    /// <param name="isOpen">Whether calls may stay open, for the caller to run or to approve.</param>
    public ChatResponse ToResponse(bool isOpen)
    {
        var last = FoldLast(isOpen);
        var keepsLast = !DropsPartial || _haveToolsStarted || (_round.IsCompleted && last.FinishReason != ChatFinishReason.ToolCalls);
        var messages = new List<ChatMessage>();
        var usage = new UsageDetails();
        for (var round = 1; round <= _rounds.Count + 1; round++)
        {
            messages.AddRange(SteersOf(round));
            var response = round > _rounds.Count ? last : _rounds[round - 1];
            if (round <= _rounds.Count || keepsLast)
            {
                messages.AddRange(response.Messages);
            }

            if (response.Usage is { } used)
            {
                usage.Add(used);
            }
        }

        if (!_leavesOutUnanswered)
        {
            messages.AddRange(_steers.Where(steer => steer.Round > _rounds.Count + 1).SelectMany(steer => steer.Messages));
        }

        return new ChatResponse(messages)
        {
            ResponseId = last.ResponseId,
            ModelId = last.ModelId,
            CreatedAt = last.CreatedAt,
            FinishReason = last.FinishReason,
            Usage = usage,
            AdditionalProperties = last.AdditionalProperties,
        };
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Clients of the application make events of any content. The turn must end all the same.")]
    private ChatResponse FoldLast(bool isOpen)
    {
        try
        {
            return isOpen ? _round.ToChatResponse() : _round.ToPartialResponse();
        }
        catch (Exception exception)
        {
            _foldFailure ??= exception;
            return new ChatResponse();
        }
    }

    private IEnumerable<ChatMessage> SteersOf(int round) => _steers.Where(steer => steer.Round == round).SelectMany(steer => steer.Messages);
}
