namespace Streamline.Protocols.Shared;

/// <summary>
/// Replaces requests for approval, and the answers to them, by what a provider understands: the call, and a result that says that it was denied. The tool loop
/// resolves those of its own tools before a request is written, so what is left here runs nowhere.
/// </summary>
internal static class OpenApprovals
{
    private const string Denied = "The call was denied, so the tool was not run.";

    public static ConversationState Apply(ConversationState conversation, ConversationReport report)
    {
        ConversationEdits? edits = null;
        HashSet<string>? answered = null;
        for (var i = 0; i < conversation.Messages.Count; i++)
        {
            for (var j = 0; j < conversation.Messages[i].Contents.Count; j++)
            {
                var content = conversation.Messages[i].Contents[j];
                if (CallOf(content) is { } call)
                {
                    var replacement = content is ToolApprovalResponseContent response ? Refuse(call, response, answered ??= AnsweredIn(conversation)) : (AIContent)call;
                    (edits ??= new ConversationEdits(conversation)).Replace(new ContentPlace(i, j), replacement);
                    report.Add(ConversationChangeKind.ApprovalReplaced, conversation.SourceOf(i), call.CallId);
                }
            }
        }

        return edits?.Apply() ?? conversation;
    }

    private static FunctionCallContent? CallOf(AIContent content) => content switch
    {
        ToolApprovalRequestContent { ToolCall: FunctionCallContent call } => call,
        ToolApprovalResponseContent { ToolCall: FunctionCallContent call } => call,
        _ => null,
    };

    private static HashSet<string> AnsweredIn(ConversationState conversation) =>
        conversation.Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Select(result => result.CallId).ToHashSet(StringComparer.Ordinal);

    // An approved call has no result yet; like any other call without one, it gets an error result.
    private static FunctionResultContent? Refuse(FunctionCallContent call, ToolApprovalResponseContent response, HashSet<string> answered) =>
        response.Approved || !answered.Add(call.CallId)
            ? null
            : new FunctionResultContent(call.CallId, string.IsNullOrWhiteSpace(response.Reason) ? Denied : $"{Denied} Reason: {response.Reason}")
            {
                AdditionalProperties = new() { [ContentProperties.IsError] = true },
            };
}
