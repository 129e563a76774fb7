namespace Streamline.Protocols.Shared;

/// <summary>Merges adjacent messages of the same role, for a provider that refuses them. Their texts stay apart by an empty line.</summary>
internal static class MessageMerging
{
    private const string Separator = "\n\n";

    public static ConversationState Apply(ConversationState conversation, ConversationRules rules, ConversationReport report)
    {
        if (!rules.MergesMessages)
        {
            return conversation;
        }

        List<ChatMessage> messages = [];
        List<int> sources = [];
        for (var i = 0; i < conversation.Messages.Count; i++)
        {
            var message = conversation.Messages[i];
            if (!message.Contents.Any(rules.IsSent))
            {
                continue; // nothing is sent of it, so that it does not separate the messages around it
            }

            if (messages.Count > 0 && AreOneTurn(messages[^1], message))
            {
                messages[^1] = Merge(messages[^1], message);
                report.Add(ConversationChangeKind.MessagesMerged, conversation.SourceOf(i));
            }
            else
            {
                messages.Add(message);
                sources.Add(conversation.SourceOf(i) ?? -1);
            }
        }

        return messages.Count == conversation.Messages.Count ? conversation : new ConversationState(messages, sources);
    }

    // Results are messages of their own.
    private static bool AreOneTurn(ChatMessage last, ChatMessage next) => last.Role == next.Role && !last.IsSystem() && !HasResult(last) && !HasResult(next);

    private static bool HasResult(ChatMessage message) => message.Contents.Any(content => content is FunctionResultContent);

    private static ChatMessage Merge(ChatMessage last, ChatMessage next)
    {
        List<AIContent> contents = [.. last.Contents];
        if (IsPlain(contents[^1]) && IsPlain(next.Contents[0]))
        {
            contents[^1] = new TextContent(contents[^1] + Separator + next.Contents[0]);
            contents.AddRange(next.Contents.Skip(1));
        }
        else
        {
            contents.AddRange(last.IsAssistant() ? next.Contents.Prepend(new TextContent(Separator)) : next.Contents);
        }

        var merged = last.Clone();
        merged.Contents = contents;
        return merged;
    }

    private static bool IsPlain(AIContent content) => content is TextContent { AdditionalProperties: null, Annotations: null };
}
