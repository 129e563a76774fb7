namespace Streamline.Protocols.Shared;

/// <summary>Adds a text to a turn of the user that has a document but no text, for a provider that refuses that.</summary>
internal static class TextsBesideDocuments
{
    private const string Text = "(A document is attached.)";

    public static ConversationState Apply(ConversationState conversation, ConversationRules rules, ConversationReport report)
    {
        if (rules.RequiresTextBeside is not { } requiresText)
        {
            return conversation;
        }

        var edits = new ConversationEdits(conversation);
        var document = -1;
        var hasText = false;
        for (var i = 0; i < conversation.Messages.Count; i++)
        {
            var message = conversation.Messages[i];
            if (message.IsSystem() && rules.HoistsSystem)
            {
                continue;
            }

            if (message.IsAssistant())
            {
                EndTurn();
                continue;
            }

            hasText |= message.Contents.Any(content => content is TextContent && rules.IsSent(content));
            document = message.Contents.Any(requiresText) ? i : document;
        }

        EndTurn();
        return edits.Apply();

        void EndTurn()
        {
            if (document >= 0 && !hasText)
            {
                edits.InsertAfter(document, new ChatMessage(ChatRole.User, Text));
                report.Add(ConversationChangeKind.TextAdded, conversation.SourceOf(document));
            }

            (document, hasText) = (-1, false);
        }
    }
}
