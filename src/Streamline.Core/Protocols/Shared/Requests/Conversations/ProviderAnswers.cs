namespace Streamline.Protocols.Shared;

/// <summary>
/// Takes the answers that a provider gave to function calls itself out of the assistant's messages, where they are items beside the calls, so that they are
/// paired like the results of the application: a call has one result, from the application or from the provider.
/// </summary>
internal static class ProviderAnswers
{
    public static ConversationState Apply(ConversationState conversation, ConversationRules rules)
    {
        if (rules.ReadAnswer is not { } read)
        {
            return conversation;
        }

        ConversationEdits? edits = null;
        for (var i = 0; i < conversation.Messages.Count; i++)
        {
            var message = conversation.Messages[i];
            if (!message.IsAssistant() || !message.Contents.Any(content => read(content) is not null))
            {
                continue;
            }

            edits ??= new ConversationEdits(conversation);
            edits.RemoveMessage(i);
            foreach (var part in Split(message, read))
            {
                edits.InsertAfter(i, part);
            }
        }

        return edits?.Apply() ?? conversation;
    }

    private static List<ChatMessage> Split(ChatMessage message, Func<AIContent, FunctionResultContent?> read)
    {
        List<ChatMessage> parts = [];
        foreach (var content in message.Contents)
        {
            var answer = read(content);
            var role = answer is null ? message.Role : ChatRole.Tool;
            if (parts is not [.., var part] || part.Role != role)
            {
                part = message.Clone();
                part.Role = role;
                part.Contents = [];
                parts.Add(part);
            }

            part.Contents.Add(answer ?? content);
        }

        return parts;
    }
}
