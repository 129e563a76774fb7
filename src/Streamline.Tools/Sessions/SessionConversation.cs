using Microsoft.Extensions.AI;

namespace Streamline.Tools;

/// <summary>What was said in a session: the messages and token counts of the turns that have ended. Used under the lock of the session.</summary>
/// <param name="messages">The messages to begin with.</param>
/// <param name="maxRetainedChars">How much of each response is kept, as <see cref="StreamState"/> has it.</param>
internal sealed class SessionConversation(IEnumerable<ChatMessage> messages, long maxRetainedChars)
{
    private readonly UsageDetails _usage = new();
    private IReadOnlyList<ChatMessage> _messages = SessionHistory.WithoutOrphans([.. messages]);
    private IReadOnlyList<ApprovalRequested> _asked = []; // with which the last turn asked, and which may still be answered directly

    /// <summary>How many turns have begun.</summary>
    public int Turns { get; private set; }

    /// <summary>Takes over what an earlier session had counted.</summary>
    public void Restore(int turns, UsageDetails usage)
    {
        Turns = turns;
        _usage.Add(usage);
    }

    /// <summary>Begins a turn.</summary>
    public SessionTurn Begin(IEnumerable<ChatMessage> opening) => new(++Turns, _messages, [.. opening], maxRetainedChars);

    /// <summary>Adds a turn that has ended.</summary>
    public void Add(SessionTurn turn, ChatResponse response)
    {
        // An opening that the tool loop refused must not be sent again with every turn to come.
        _messages = SessionHistory.WithoutOrphans(SessionOrder.Join(turn.History, turn.Opening, response.Messages));
        _asked = [.. turn.OpenApprovals];
        _usage.Add(response.Usage ?? new UsageDetails());
    }

    /// <summary>Describes the session.</summary>
    /// <param name="turn">The turn that runs; <see langword="null"/> if none does.</param>
    /// <param name="pending">The messages that wait.</param>
    public SessionSnapshot ToSnapshot(SessionTurn? turn, IReadOnlyList<SessionMessage> pending)
    {
        var answer = turn?.ToResponse(isOpen: turn.OpenApprovals.Count > 0);
        var usage = new UsageDetails();
        usage.Add(_usage);
        usage.Add(answer?.Usage ?? new UsageDetails());
        return new SessionSnapshot
        {
            Messages = turn is null ? _messages : SessionOrder.Join(turn.History, turn.Opening, answer!.Messages),
            Pending = pending,
            OpenApprovals = turn is null ? FindOpenApprovals() : [.. turn.OpenApprovals],
            Usage = usage,
            Turn = Turns,
            IsRunning = turn is not null,
        };
    }

    // The messages themselves say which they are, in another process too.
    private List<ApprovalRequested> FindOpenApprovals() =>
        [.. ApprovalInbox.Read(_messages).Pending.Where(pending => pending.Response is null).Select(pending => _asked.FirstOrDefault(asked => asked.ApprovalId == pending.Request.RequestId) ?? pending.ToEvent())];
}
