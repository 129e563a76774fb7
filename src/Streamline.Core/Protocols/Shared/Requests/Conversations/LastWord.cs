namespace Streamline.Protocols.Shared;

/// <summary>
/// Keeps a request from asking something else than it was made to ask: when nothing is left of the last message of the user or a tool, such as a blank one, the
/// request would end with the answer before it, and the model would continue that.
/// </summary>
internal static class LastWord
{
    /// <summary>Finds the message of the user or a tool that was the last one, of which nothing is left, so that an answer before it is the last one now; <see langword="null"/> for none.</summary>
    public static int? FindLost(IReadOnlyList<ChatMessage> given, ConversationState conversation, ConversationRules rules)
    {
        var asked = given.Count - 1;
        while (asked >= 0 && (given[asked].IsAssistant() || given[asked].IsSystem()))
        {
            asked--;
        }

        var last = RoleOrder.IndexOfSent(conversation, rules, isLast: true);
        return last >= 0 && conversation.Messages[last].IsAssistant() && conversation.SourceOf(last) < asked ? asked : null;
    }
}
