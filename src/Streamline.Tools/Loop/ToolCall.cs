using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Streamline.Tools;

/// <summary>One call of the model: what it asks for, how far it is, and its outcome.</summary>
/// <remarks>
/// The scheduler alone moves a call from state to state, under its lock; the round alone fills in what the model writes, on the thread that reads the stream. When a
/// response restarts, a call whose tool has started takes the place of its equal in the new attempt, under a new id: nothing runs twice.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer and no parent, so nothing needs to be released; and a tool may outlive any owner.")]
internal sealed class ToolCall(string callId, string name, int index, int round)
{
    public string CallId { get; private set; } = callId;

    public string Name => name;

    /// <summary>The index of the call's block in the response.</summary>
    public int Index => index;

    public int Round => round;

    /// <summary>The tool; <see langword="null"/> while nothing here can run the call.</summary>
    public RunnableTool? Tool { get; set; }

    /// <summary>Whether the model's arguments are whole and strictly parsed.</summary>
    public bool IsSealed { get; set; }

    /// <summary>Whether something else answers the call: the caller, or a tool loop further in.</summary>
    public bool IsAnsweredElsewhere { get; set; }

    public JsonElement Arguments { get; set; }

    /// <summary>Whether the arguments were edited when the call was approved.</summary>
    public bool AreArgumentsEdited { get; set; }

    /// <summary>The execution context of the caller, in which the tool runs; <see langword="null"/> when its flow is suppressed.</summary>
    public ExecutionContext? ExecutionContext { get; set; }

    /// <summary>The tool's work on arguments that are still growing; <see langword="null"/> for all but streaming tools.</summary>
    public StreamingInput? Input { get; set; }

    public ToolCallState State { get; set; }

    /// <summary>The request for approval; <see langword="null"/> when none was made.</summary>
    public ApprovalRequested? Approval { get; set; }

    /// <summary>The resources of the call and, from <see cref="ToolCallState.Waiting"/> on, its place in the lock table; <see langword="null"/> for a call that needs no resource.</summary>
    public ToolLockTicket? Ticket { get; set; }

    /// <summary>Whether <see cref="Ticket"/> is that of the arguments.</summary>
    public bool AreResourcesKnown { get; set; }

    public ToolOutcome? Outcome { get; set; }

    /// <summary>What the tool gave, while it releases what it used; <see langword="null"/> before.</summary>
    public ToolOutcome? Result { get; set; }

    public bool IsStarted { get; set; }

    /// <summary>Whether the tool has really ended.</summary>
    public bool IsEnded { get; set; }

    public bool IsAbandoned { get; set; }

    /// <summary>Whether the call belongs to an attempt that was discarded, so that nobody wants to hear of it.</summary>
    public bool IsDetached { get; set; }

    public long StartedAt { get; set; }

    /// <summary>How long the tool ran; zero when it was not run.</summary>
    public TimeSpan Duration { get; set; }

    /// <summary>Kept by <see cref="ToolDeadlines"/>: when to act on the call, and how; <see langword="null"/> when nothing is due.</summary>
    public (long At, Action<ToolCall> Act)? Deadline { get; set; }

    /// <summary>Progress that the reader has not taken yet, oldest first; <see langword="null"/> before the first report.</summary>
    public Queue<JsonElement>? PendingProgress { get; set; }

    /// <summary>Stops the tool; made when it starts.</summary>
    public CancellationTokenSource? Cancellation { get; set; }

    /// <summary>Whether the round has to wait for the call.</summary>
    public bool IsPending => State is ToolCallState.AwaitingApproval or ToolCallState.Answered or ToolCallState.Waiting or ToolCallState.Running;

    /// <summary>Whether the call must not overtake another one of its response, which has not been submitted yet: one of them runs alone, or they conflict over a resource.</summary>
    public bool MustFollow(ToolCall earlier) => earlier is { State: ToolCallState.Announced, Tool: { } other }
        && (Tool!.Options.Exclusive || other.Options.Exclusive
            || (Ticket is { } mine && (earlier.IsSealed ? earlier.Ticket is { } theirs && mine.ConflictsWith(theirs) : other.Options.Locks is not null)));

    /// <summary>Takes the place of an equal call of a new attempt.</summary>
    public void Adopt(string newCallId) => CallId = newCallId;
}
