namespace Streamline.Protocols.Shared;

/// <summary>Gives the assistant what only an assistant says, where a message of another role contains it: tool calls, reasoning, items of the provider's tools.</summary>
internal static class MisplacedContents
{
    public static ConversationState Apply(ConversationState conversation, ConversationRules rules, ConversationReport report)
    {
        ConversationEdits? edits = null;
        for (var i = 0; i < conversation.Messages.Count; i++)
        {
            var message = conversation.Messages[i];
            if (message.IsAssistant() || !message.Contents.Any(content => IsAssistants(content, rules)))
            {
                continue;
            }

            edits ??= new ConversationEdits(conversation);
            edits.RemoveMessage(i);
            foreach (var part in Split(message, rules))
            {
                edits.InsertAfter(i, part);
            }

            report.Add(ConversationChangeKind.MessageSplit, conversation.SourceOf(i));
        }

        return edits?.Apply() ?? conversation;
    }

    private static bool IsAssistants(AIContent content, ConversationRules rules) => content switch
    {
        FunctionCallContent => true,
        TextReasoningContent => rules.IsSent(content),
        _ => rules.ProviderItemsAreAssistants && rules.FindProviderItem?.Invoke(content) is not null,
    };

    private static IEnumerable<ChatMessage> Split(ChatMessage message, ConversationRules rules)
    {
        ChatMessage? part = null;
        foreach (var content in message.Contents)
        {
            var isAssistants = IsAssistants(content, rules);
            if (part is null || part.IsAssistant() != isAssistants)
            {
                if (part is not null)
                {
                    yield return part;
                }

                part = message.Clone();
                part.Role = isAssistants ? ChatRole.Assistant : message.Role;
                part.Contents = [];
            }

            part.Contents.Add(content);
        }

        if (part is not null)
        {
            yield return part;
        }
    }
}
