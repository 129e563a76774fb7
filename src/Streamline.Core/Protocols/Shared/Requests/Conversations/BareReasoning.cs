namespace Streamline.Protocols.Shared;

/// <summary>
/// Leaves out reasoning items that go back without their encrypted content although the provider has not kept them: of a request that is not stored, and of
/// an answer that was cut off. The message that was cut off goes back as text, as nothing is known of its item either.
/// </summary>
internal static class BareReasoning
{
    public static ConversationState Apply(ConversationState conversation, ConversationRules rules, ConversationReport report)
    {
        if (rules.FindItemId is not { } findId || (rules.KeepsReasoning && rules.IsCutItem is null))
        {
            return conversation;
        }

        var edits = new ConversationEdits(conversation);
        for (var i = 0; i < conversation.Messages.Count; i++)
        {
            var contents = conversation.Messages[i].Contents;
            for (var j = 0; j < contents.Count;)
            {
                var end = EndOf(contents, j, findId);
                if (contents[j] is TextReasoningContent && contents[j].RawBlock(rules.Protocol) is not null && IsBare(contents, j, end) && IsUnknown(contents, end, rules))
                {
                    Remove(i, j, end);
                }

                j = end;
            }
        }

        return edits.Apply();

        void Remove(int message, int start, int end)
        {
            for (var index = start; index < end; index++)
            {
                edits.Remove(new ContentPlace(message, index));
            }

            var contents = conversation.Messages[message].Contents;
            for (var index = end; index < contents.Count && rules.IsCutItem?.Invoke(contents[index]) == true; index++)
            {
                edits.Replace(new ContentPlace(message, index), ItemCopies.WithoutItem(contents[index], rules.Protocol));
            }

            report.Add(ConversationChangeKind.ReasoningRemoved, conversation.SourceOf(message));
        }
    }

    private static bool IsUnknown(IList<AIContent> contents, int end, ConversationRules rules) =>
        !rules.KeepsReasoning || (end < contents.Count && rules.IsCutItem!(contents[end]));

    // The parts of an item share its id, and its encrypted content is with the last one.
    private static bool IsBare(IList<AIContent> contents, int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            if (contents[i] is TextReasoningContent { ProtectedData.Length: > 0 })
            {
                return false;
            }
        }

        return true;
    }

    private static int EndOf(IList<AIContent> contents, int start, Func<AIContent, string?> findId)
    {
        var id = findId(contents[start]);
        var end = start + 1;
        while (id is not null && end < contents.Count && findId(contents[end]) == id)
        {
            end++;
        }

        return end;
    }
}
