namespace Streamline.Protocols.Shared;

/// <summary>Leaves out calls of tools that the provider ran without their results, results without their calls, and copies of both.</summary>
internal static class ProviderItemPairing
{
    public static ConversationState Apply(ConversationState conversation, ConversationRules rules, bool keepsUnpaired, ConversationReport report)
    {
        if (rules.FindProviderItem is not { } find)
        {
            return conversation;
        }

        Dictionary<string, (ContentPlace Place, bool NeedsResult)> open = new(StringComparer.Ordinal);
        HashSet<string> closed = new(StringComparer.Ordinal);
        List<(ContentPlace Place, string CallId)> removed = [];
        for (var i = 0; i < conversation.Messages.Count; i++)
        {
            var message = conversation.Messages[i];
            if (rules.ProviderItemsAreAssistants && IsUsers(message, rules))
            {
                removed.AddRange(open.Where(call => call.Value.NeedsResult).Select(call => (call.Value.Place, call.Key)));
                open.Clear();
            }

            for (var j = 0; j < message.Contents.Count; j++)
            {
                if (find(message.Contents[j]) is not { } item)
                {
                    continue;
                }

                var isFirst = item.IsCall ? !closed.Contains(item.CallId) && open.TryAdd(item.CallId, (new(i, j), item.NeedsResult)) : open.Remove(item.CallId) && closed.Add(item.CallId);
                if (!isFirst && (item.IsCall || !keepsUnpaired || closed.Contains(item.CallId)))
                {
                    removed.Add((new(i, j), item.CallId));
                }
            }
        }

        var firstOpen = rules.AllowsOpenProviderCall && open.Count > 0 ? FirstThatMayBeOpen(conversation, rules) : int.MaxValue;
        removed.AddRange(open.Where(call => call.Value.NeedsResult && call.Value.Place.Message < firstOpen).Select(call => (call.Value.Place, call.Key)));
        if (removed.Count == 0)
        {
            return conversation;
        }

        var edits = new ConversationEdits(conversation);
        foreach (var (place, callId) in removed)
        {
            edits.Remove(place);
            report.Add(ConversationChangeKind.ProviderItemRemoved, conversation.SourceOf(place.Message), callId);
        }

        return edits.Apply();
    }

    // Says something other than results.
    private static bool IsUsers(ChatMessage message, ConversationRules rules) =>
        !message.IsAssistant() && !message.IsSystem() && message.Contents.Any(content => content is not FunctionResultContent && rules.IsSent(content));

    /// <summary>Gets the first message of the last turn, when that ends with a call. Text after it says that the provider does not wait for the result any more.</summary>
    private static int FirstThatMayBeOpen(ConversationState conversation, ConversationRules rules)
    {
        var first = int.MaxValue;
        for (var i = conversation.Messages.Count - 1; i >= 0; i--)
        {
            var message = conversation.Messages[i];
            if (message.IsSystem() || message.Contents.LastOrDefault(rules.IsSent) is not { } last)
            {
                continue;
            }

            if (!message.IsAssistant())
            {
                if (first != int.MaxValue)
                {
                    break;
                }
            }
            else if (first == int.MaxValue && last is not FunctionCallContent && rules.FindProviderItem!(last) is null)
            {
                break;
            }
            else
            {
                first = i;
            }
        }

        return first;
    }
}
