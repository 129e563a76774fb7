namespace Streamline.Protocols.Shared;

/// <summary>Puts the roles in order: who speaks first, who speaks last, and who speaks after the results of tools.</summary>
internal static class RoleOrder
{
    private const string Beginning = "(The beginning of this conversation is not included.)";
    private const string Interrupted = "(This answer was interrupted.)";
    private const string Continue = "Continue.";

    public static ConversationState Apply(ConversationState conversation, ConversationRules rules, bool isContinued, ConversationReport report)
    {
        if (rules.RefusesFinalReasoning)
        {
            conversation = RemoveFinalReasoning(conversation, rules, report);
        }

        if (rules.RequiresAnswerToResults)
        {
            conversation = AnswerResults(conversation, rules, report);
        }

        var edits = new ConversationEdits(conversation);
        var first = IndexOfSent(conversation, rules, isLast: false);
        if (first < 0)
        {
            return conversation;
        }

        if (rules.RequiresUserFirst && !isContinued && conversation.Messages[first].IsAssistant())
        {
            edits.InsertAfter(rules.HoistsSystem ? -1 : first - 1, new ChatMessage(ChatRole.User, Beginning));
            report.Add(ConversationChangeKind.MessageAdded, message: null);
        }

        var last = IndexOfSent(conversation, rules, isLast: true);
        if (conversation.Messages[last].IsAssistant())
        {
            CompletePrefill(conversation, last, rules, edits, report);
        }

        return edits.Apply();
    }

    /// <summary>Finds the first or the last message of another role than the system's that has something to send; -1 when there is none.</summary>
    public static int IndexOfSent(ConversationState conversation, ConversationRules rules, bool isLast)
    {
        var found = -1;
        for (var i = 0; i < conversation.Messages.Count && (isLast || found < 0); i++)
        {
            var message = conversation.Messages[i];
            found = !message.IsSystem() && message.Contents.Any(rules.IsSent) ? i : found;
        }

        return found;
    }

    private static void CompletePrefill(ConversationState conversation, int last, ConversationRules rules, ConversationEdits edits, ConversationReport report)
    {
        var contents = conversation.Messages[last].Contents;
        var index = contents.Count - 1;
        while (!rules.IsSent(contents[index]))
        {
            index--;
        }

        if (rules.RefusesPrefill && rules.FindProviderItem?.Invoke(contents[index]) is null && !contents[index].IsProvidersOwn())
        {
            edits.InsertAfter(conversation.Messages.Count - 1, new ChatMessage(ChatRole.User, Continue));
            report.Add(ConversationChangeKind.MessageAdded, message: null);
        }
        else if (rules.TrimsPrefill && contents[index] is TextContent text && text.Text.Length > 0 && char.IsWhiteSpace(text.Text[^1]))
        {
            edits.Replace(new ContentPlace(last, index), new TextContent(text.Text.TrimEnd())
            {
                AdditionalProperties = text.AdditionalProperties,
                Annotations = text.Annotations,
                RawRepresentation = text.RawRepresentation,
            });
            report.Add(ConversationChangeKind.TextTrimmed, conversation.SourceOf(last));
        }
    }

    private static ConversationState RemoveFinalReasoning(ConversationState conversation, ConversationRules rules, ConversationReport report)
    {
        ConversationEdits? edits = null;
        List<ContentPlace> reasoning = [];
        for (var i = 0; i < conversation.Messages.Count; i++)
        {
            var message = conversation.Messages[i];
            if (message.IsSystem() && rules.HoistsSystem)
            {
                continue;
            }

            for (var j = 0; j < message.Contents.Count; j++)
            {
                var content = message.Contents[j];
                if (!rules.IsSent(content))
                {
                    continue;
                }

                if (message.IsAssistant() && content is TextReasoningContent)
                {
                    reasoning.Add(new ContentPlace(i, j));
                    continue;
                }

                if (!message.IsAssistant())
                {
                    Remove();
                }

                reasoning.Clear();
            }
        }

        Remove();
        return edits?.Apply() ?? conversation;

        void Remove()
        {
            foreach (var place in reasoning)
            {
                (edits ??= new ConversationEdits(conversation)).Remove(place);
            }

            if (reasoning.Count > 0)
            {
                report.Add(ConversationChangeKind.ReasoningRemoved, conversation.SourceOf(reasoning[0].Message));
            }
        }
    }

    private static ConversationState AnswerResults(ConversationState conversation, ConversationRules rules, ConversationReport report)
    {
        var edits = new ConversationEdits(conversation);
        var isAfterResults = false;
        for (var i = 0; i < conversation.Messages.Count; i++)
        {
            var message = conversation.Messages[i];
            var results = message.Contents.OfType<FunctionResultContent>().ToList<AIContent>();
            var others = message.Contents.Where(content => content is not FunctionResultContent && rules.IsSent(content)).ToList();
            if (isAfterResults && !message.IsAssistant() && results.Count == 0 && others.Count > 0)
            {
                edits.InsertAfter(i - 1, new ChatMessage(ChatRole.Assistant, Interrupted));
                report.Add(ConversationChangeKind.MessageAdded, message: null);
            }
            else if (results.Count > 0 && others.Count > 0)
            {
                edits.RemoveMessage(i);
                edits.InsertAfter(i, new ChatMessage(ChatRole.Tool, results));
                edits.InsertAfter(i, new ChatMessage(ChatRole.Assistant, Interrupted));
                edits.InsertAfter(i, new ChatMessage(ChatRole.User, others));
                report.Add(ConversationChangeKind.MessageAdded, message: null);
            }

            isAfterResults = others.Count == 0 && (results.Count > 0 || isAfterResults);
        }

        return edits.Apply();
    }
}
