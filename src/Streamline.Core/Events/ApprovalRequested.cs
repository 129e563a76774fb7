using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streamline;

/// <summary>
/// A tool call needs approval before its tool may run. Answer with <see cref="Approve"/>, <see cref="Deny"/> or <see cref="Defer"/>; the first answer counts.
/// The stream waits for the answer, while other calls run, and denies the call when none comes in time.
/// </summary>
/// <remarks>
/// <para>All methods are thread-safe and return at once: show the question, keep reading the stream, and answer from wherever the user answers.</para>
/// <para>
/// An event that was read from its JSON form, or that another process received, cannot be answered directly. Answer it with a
/// <c>ToolApprovalResponseContent</c> in the next request; <see cref="Token"/> proves there that the call is the one that was asked about.
/// </para>
/// </remarks>
public sealed class ApprovalRequested : StreamEvent
{
    /// <summary>Gets the id of this request for approval, unique among all requests.</summary>
    public required string ApprovalId { get; init; }

    /// <summary>Gets the id of the call.</summary>
    public required string CallId { get; init; }

    /// <summary>Gets the name of the tool.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the arguments that the tool would get: an object that passed the checks of the tool's schema.</summary>
    public required JsonElement Arguments { get; init; }

    /// <summary>Gets the signed proof that binds id, tool and arguments; <see langword="null"/> when the request cannot be answered later.</summary>
    public string? Token { get; init; }

    /// <summary>Gets the time after which a later answer is refused; <see langword="null"/> when there is none.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Gets the function that receives the answer and tells whether it counted; <see langword="null"/> when the request can only be answered in a later request.</summary>
    [JsonIgnore]
    public Func<ApprovalAnswer, bool>? Responder { get; init; }

    /// <summary>Gets a value indicating whether the request can be answered through this object.</summary>
    [JsonIgnore]
    public bool CanRespond => Responder is not null;

    /// <summary>Allows the call.</summary>
    /// <param name="editedArguments">Arguments to use in place of the model's, an object; <see langword="null"/> to leave them as they are.</param>
    /// <returns>Whether the answer counted: false when the request was answered before, expired, or its stream has ended.</returns>
    /// <exception cref="ArgumentException"><paramref name="editedArguments"/> do not match the schema of the tool, or hold half a surrogate pair or invalid UTF-8. The request stays open.</exception>
    /// <exception cref="InvalidOperationException">The request can only be answered in a later request; see the remarks of this class.</exception>
    public bool Approve(JsonElement? editedArguments = null) => Respond(new ApprovalAnswer { Decision = ApprovalDecision.Approved, EditedArguments = editedArguments });

    /// <summary>Denies the call. The model gets an error in place of the result.</summary>
    /// <param name="reason">Why, in words for the model; <see langword="null"/> for no reason.</param>
    /// <returns>Whether the answer counted: false when the request was answered before, expired, or its stream has ended.</returns>
    /// <exception cref="InvalidOperationException">The request can only be answered in a later request; see the remarks of this class.</exception>
    public bool Deny(string? reason = null) => Respond(new ApprovalAnswer { Decision = ApprovalDecision.Denied, Reason = reason });

    /// <summary>Leaves the question for a later request: the stream runs the other calls of the response and then ends.</summary>
    /// <returns>Whether the answer counted: false when the request was answered before, expired, or its stream has ended.</returns>
    /// <exception cref="InvalidOperationException">The request can only be answered in a later request; see the remarks of this class.</exception>
    public bool Defer() => Respond(new ApprovalAnswer { Decision = ApprovalDecision.Deferred });

    private bool Respond(ApprovalAnswer answer) => (Responder ?? throw new InvalidOperationException(
        $"The approval of the call '{CallId}' of the tool '{Name}' cannot be answered here, because the event does not come from a running stream. Answer it with a ToolApprovalResponseContent in the next request."))(answer);

    internal override bool CommitsResponse => true;
}
