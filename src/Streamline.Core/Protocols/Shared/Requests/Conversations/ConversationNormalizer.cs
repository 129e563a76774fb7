namespace Streamline.Protocols.Shared;

/// <summary>
/// Brings a conversation into the form that a provider accepts, whatever happened to it: interrupted answers, windows that were cut out of a longer
/// history, ids and names that a model or another provider made up. A valid conversation is left as it is.
/// </summary>
/// <remarks>
/// Each rule is a class of its own that takes a conversation and gives the changed one. Content that only a provider understands goes through unchanged.
/// The order matters: blank texts are removed early, so that they do not come between a call and its result, and the roles are put in order last.
/// </remarks>
internal static class ConversationNormalizer
{
    /// <summary>Normalizes the conversation of a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="messages">Its messages, with the blocks of streamed answers restored.</param>
    /// <param name="rules">What the provider accepts.</param>
    /// <param name="isContinued">Whether the provider keeps the beginning of the conversation, so that a result may answer a call that is not here.</param>
    /// <exception cref="ArgumentException">A message has an unknown role, nothing is left to send, or nothing of the last message of the user is.</exception>
    public static NormalizedConversation Normalize(StreamRequest request, IReadOnlyList<ChatMessage> messages, ConversationRules rules, bool isContinued)
    {
        foreach (var message in messages)
        {
            MessageRoles.ThrowIfUnknown(message, rules.Protocol);
        }

        var report = new ConversationReport();
        var state = new ConversationState(messages, Sources: null);
        state = OpenApprovals.Apply(state, report);
        state = ProviderAnswers.Apply(state, rules);
        state = MisplacedContents.Apply(state, rules, report);
        state = BlankTexts.Apply(state, rules, report);
        state = ItemCopies.Apply(state, rules, report);
        state = BareReasoning.Apply(state, rules, report);
        state = CallPairing.Apply(state, rules, request.Options?.Tools, isContinued, report);
        state = ProviderItemPairing.Apply(state, rules, isContinued, report);
        state = ResultMedia.Apply(state, rules, report);
        state = LoneReasoning.Apply(state, rules, report);
        state = TextsBesideDocuments.Apply(state, rules, report);
        if (LastWord.FindLost(messages, state, rules) is { } lost)
        {
            throw new ArgumentException(
                $"Message {lost} of the request, the last one of the role '{messages[lost].Role}', has nothing to send: it is empty, blank, or answers no call. The request would end with the assistant's message before it, and the model would continue that.",
                nameof(request));
        }

        state = RoleOrder.Apply(state, rules, isContinued, report);
        state = MessageMerging.Apply(state, rules, report);
        state = AuthorNames.Apply(state, rules, report);
        var isEmpty = !state.Messages.Any(message => !(rules.HoistsSystem && message.IsSystem()) && message.Contents.Any(rules.IsSent));
        if (isEmpty && rules.RequiresMessage && !isContinued && (rules.HoistsSystem || string.IsNullOrEmpty(request.Options?.Instructions)))
        {
            throw new ArgumentException("The request has no content from the user or the assistant.", nameof(request));
        }

        return new NormalizedConversation { Messages = state.Messages, Changes = report.Changes };
    }
}
