namespace Streamline.Protocols;

/// <summary>A conversation in the form that a provider accepts, and what was changed to get there.</summary>
public sealed record NormalizedConversation
{
    /// <summary>Gets the messages.</summary>
    /// <value>The list as it was given when nothing had to be changed. Messages that were changed are copies.</value>
    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    /// <summary>Gets the changes, in the order in which they were made.</summary>
    /// <value>Empty when the conversation was valid.</value>
    public required IReadOnlyList<ConversationChange> Changes { get; init; }
}
