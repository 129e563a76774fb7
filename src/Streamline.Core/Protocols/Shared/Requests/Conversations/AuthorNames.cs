namespace Streamline.Protocols.Shared;

/// <summary>Gives the names of authors the form that the provider requires.</summary>
internal static class AuthorNames
{
    public static ConversationState Apply(ConversationState conversation, ConversationRules rules, ConversationReport report)
    {
        if (rules.AuthorNames is not { } rule)
        {
            return conversation;
        }

        List<ChatMessage>? messages = null;
        for (var i = 0; i < conversation.Messages.Count; i++)
        {
            if (conversation.Messages[i].AuthorName is { Length: > 0 } name && rule.Fit(name) is var fitted && fitted != name)
            {
                var copy = conversation.Messages[i].Clone();
                copy.AuthorName = fitted;
                (messages ??= [.. conversation.Messages])[i] = copy;
                report.Add(ConversationChangeKind.AuthorNameChanged, conversation.SourceOf(i), newValue: fitted);
            }
        }

        return messages is null ? conversation : conversation with { Messages = messages };
    }
}
