namespace Streamline.Protocols.Shared;

/// <summary>Leaves out texts without any visible character, and messages that are nothing else.</summary>
internal static class BlankTexts
{
    public static ConversationState Apply(ConversationState conversation, ConversationRules rules, ConversationReport report)
    {
        ConversationEdits? edits = null;
        for (var i = 0; i < conversation.Messages.Count; i++)
        {
            var contents = conversation.Messages[i].Contents;
            if (contents.Count > 0 && !HasBlank(contents, rules))
            {
                continue;
            }

            edits ??= new ConversationEdits(conversation);
            if (contents.All(content => IsBlank(content, rules)))
            {
                edits.RemoveMessage(i);
                report.Add(ConversationChangeKind.MessageRemoved, conversation.SourceOf(i));
            }
            else
            {
                RemoveBlanks(contents, i, edits, rules);
                report.Add(ConversationChangeKind.BlankTextRemoved, conversation.SourceOf(i));
            }
        }

        return edits?.Apply() ?? conversation;
    }

    // Where the texts of a message are joined, a blank one among others is a part of what they say.
    private static bool HasBlank(IList<AIContent> contents, ConversationRules rules)
    {
        var hasBlank = false;
        foreach (var content in contents)
        {
            if (IsBlank(content, rules))
            {
                hasBlank = true;
            }
            else if (content is TextContent && !rules.TextsAreBlocks)
            {
                return false;
            }
        }

        return hasBlank;
    }

    private static bool IsBlank(AIContent content, ConversationRules rules) =>
        content is TextContent text && string.IsNullOrWhiteSpace(text.Text) && !(rules.TextsAreBlocks && rules.IsSent(content)) && !IsRaw(text, rules);

    private static bool IsRaw(TextContent text, ConversationRules rules) => !rules.TextsAreBlocks && text.RawBlock(rules.Protocol) is not null && rules.IsSent(text);

    // White space between two words may have come as a text of its own, and belongs to the text beside it.
    private static void RemoveBlanks(IList<AIContent> contents, int message, ConversationEdits edits, ConversationRules rules)
    {
        var before = "";
        TextContent? last = null;
        var lastIndex = -1;
        for (var i = 0; i < contents.Count; i++)
        {
            var place = new ContentPlace(message, i);
            if (IsBlank(contents[i], rules))
            {
                edits.Remove(place);
                var blank = ((TextContent)contents[i]).Text;
                if (last is not null)
                {
                    edits.Replace(new ContentPlace(message, lastIndex), last = new TextContent(last.Text + blank));
                }
                else
                {
                    before += blank;
                }
            }
            else if (contents[i] is TextContent { AdditionalProperties: null, Annotations: null } text && text.GetType() == typeof(TextContent))
            {
                if (before.Length > 0)
                {
                    edits.Replace(place, text = new TextContent(before + text.Text));
                }

                (last, lastIndex, before) = (text, i, "");
            }
            else
            {
                (last, before) = (null, "");
            }
        }
    }
}
