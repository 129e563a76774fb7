namespace Streamline.Protocols.Shared;

/// <summary>Leaves out messages that hold nothing but reasoning, where reasoning is only a part of a message: those of answers that were cut within it.</summary>
internal static class LoneReasoning
{
    public static ConversationState Apply(ConversationState conversation, ConversationRules rules, ConversationReport report)
    {
        if (rules.ReasoningStandsAlone is not { } standsAlone)
        {
            return conversation;
        }

        ConversationEdits? edits = null;
        for (var i = 0; i < conversation.Messages.Count; i++)
        {
            var message = conversation.Messages[i];
            if (message.IsAssistant() && IsLone(message, rules.IsSent, standsAlone))
            {
                (edits ??= new ConversationEdits(conversation)).RemoveMessage(i);
                report.Add(ConversationChangeKind.ReasoningRemoved, conversation.SourceOf(i));
            }
        }

        return edits?.Apply() ?? conversation;
    }

    private static bool IsLone(ChatMessage message, Func<AIContent, bool> isSent, Func<TextReasoningContent, bool> standsAlone)
    {
        var hasAny = false;
        foreach (var content in message.Contents)
        {
            if (!isSent(content))
            {
                continue;
            }

            if (content is not TextReasoningContent reasoning || standsAlone(reasoning))
            {
                return false;
            }

            hasAny = true;
        }

        return hasAny;
    }
}
