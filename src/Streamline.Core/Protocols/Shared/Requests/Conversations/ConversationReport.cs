namespace Streamline.Protocols.Shared;

/// <summary>The changes that were made to a conversation.</summary>
internal sealed class ConversationReport
{
    private List<ConversationChange>? _changes;

    public IReadOnlyList<ConversationChange> Changes => _changes ?? (IReadOnlyList<ConversationChange>)[];

    /// <summary>Adds a change.</summary>
    /// <param name="kind">What was changed.</param>
    /// <param name="message">Where, in the conversation as it was given; <see langword="null"/> for a message that was not in it.</param>
    /// <param name="callId">The id of the call as it was given, for a change that is about a call.</param>
    /// <param name="newValue">The new id or name.</param>
    public void Add(ConversationChangeKind kind, int? message, string? callId = null, string? newValue = null) =>
        (_changes ??= []).Add(new ConversationChange { Kind = kind, MessageIndex = message, CallId = callId, NewValue = newValue });
}
