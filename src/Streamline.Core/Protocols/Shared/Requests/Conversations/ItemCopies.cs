namespace Streamline.Protocols.Shared;

/// <summary>Leaves out copies of the provider's items, of which it accepts each only once. The text of a copy is kept without what made it an item.</summary>
internal static class ItemCopies
{
    public static ConversationState Apply(ConversationState conversation, ConversationRules rules, ConversationReport report)
    {
        if (rules.FindItemId is not { } find)
        {
            return conversation;
        }

        ConversationEdits? edits = null;
        HashSet<string> seen = new(StringComparer.Ordinal);
        for (var i = 0; i < conversation.Messages.Count; i++)
        {
            string? last = null;
            for (var j = 0; j < conversation.Messages[i].Contents.Count; j++)
            {
                var content = conversation.Messages[i].Contents[j];
                if (!rules.IsSent(content))
                {
                    continue;
                }

                var id = find(content);
                if (id is not null && !(id == last && rules.IsItemPart?.Invoke(content) == true) && !seen.Add(id))
                {
                    (edits ??= new ConversationEdits(conversation)).Replace(new ContentPlace(i, j), WithoutItem(content, rules.Protocol));
                    report.Add(ConversationChangeKind.ProviderItemRemoved, conversation.SourceOf(i));
                    id = null;
                }

                last = id;
            }
        }

        return edits?.Apply() ?? conversation;
    }

    /// <summary>Gets a content without what made it a part of an item; <see langword="null"/> for one that is nothing else.</summary>
    public static AIContent? WithoutItem(AIContent content, string protocol)
    {
        AIContent? plain = content switch
        {
            TextContent text => new TextContent(text.Text) { Annotations = text.Annotations },
            ErrorContent error => new ErrorContent(error.Message) { ErrorCode = error.ErrorCode },
            _ => null,
        };
        foreach (var (name, value) in plain is null ? [] : content.AdditionalProperties ?? [])
        {
            if (name != ContentProperties.RawBlock(protocol))
            {
                (plain!.AdditionalProperties ??= [])[name] = value;
            }
        }

        return plain;
    }
}
