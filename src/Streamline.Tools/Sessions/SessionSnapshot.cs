using Microsoft.Extensions.AI;

namespace Streamline;

/// <summary>A session as it is at one moment: the first event of every observer, and what one gets in place of events that it was too slow for.</summary>
public sealed class SessionSnapshot : SessionEvent
{
    internal SessionSnapshot()
    {
    }

    /// <summary>Gets the conversation, oldest message first, with what has arrived of the answer. It can be sent to any provider: calls that are still open have an error result.</summary>
    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    /// <summary>Gets the messages that wait, in the order in which they will be delivered.</summary>
    public required IReadOnlyList<SessionMessage> Pending { get; init; }

    /// <summary>Gets the approvals that tools wait for.</summary>
    public required IReadOnlyList<ApprovalRequested> OpenApprovals { get; init; }

    /// <summary>Gets the token counts of all turns.</summary>
    public required UsageDetails Usage { get; init; }

    /// <summary>Gets the number of the turn that runs, or of the last one; 0 before the first.</summary>
    public required int Turn { get; init; }

    /// <summary>Gets a value indicating whether a turn runs.</summary>
    public required bool IsRunning { get; init; }
}
