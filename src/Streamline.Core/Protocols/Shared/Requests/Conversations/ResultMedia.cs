namespace Streamline.Protocols.Shared;

/// <summary>Puts the images and files of results into user messages after the round, for protocols in which a result is only text.</summary>
internal static class ResultMedia
{
    public static ConversationState Apply(ConversationState conversation, ConversationRules rules)
    {
        if (!rules.ResultsAreText)
        {
            return conversation;
        }

        ConversationEdits? edits = null;
        List<(string CallId, List<AIContent> Media)> waiting = [];
        var last = -1;
        for (var i = 0; i < conversation.Messages.Count; i++)
        {
            if (!conversation.Messages[i].Contents.Any(content => content is FunctionResultContent))
            {
                Insert();
                continue;
            }

            last = i;
            for (var j = 0; j < conversation.Messages[i].Contents.Count; j++)
            {
                if (conversation.Messages[i].Contents[j] is FunctionResultContent result && Of(result, rules) is { Count: > 0 } media)
                {
                    waiting.Add((result.CallId, media));
                    (edits ??= new ConversationEdits(conversation)).Replace(new ContentPlace(i, j), Without(result, media));
                }
            }
        }

        Insert();
        return edits?.Apply() ?? conversation;

        void Insert()
        {
            foreach (var (callId, media) in waiting)
            {
                edits!.InsertAfter(last, new ChatMessage(ChatRole.User, [new TextContent($"From the result of the call {callId}:"), .. media]));
            }

            waiting.Clear();
        }
    }

    private static FunctionResultContent Without(FunctionResultContent result, List<AIContent> media)
    {
        var rest = result.Result is IEnumerable<AIContent> contents ? contents.Except(media).ToList() : [];
        return new FunctionResultContent(result.CallId, rest)
        {
            AdditionalProperties = result.AdditionalProperties,
            Exception = result.Exception,
            RawRepresentation = result.RawRepresentation,
        };
    }

    private static List<AIContent> Of(FunctionResultContent result, ConversationRules rules) =>
        (result.Contents(rules.Protocol) ?? []).FindAll(content => content is not TextContent && content.RawBlock(rules.Protocol) is null);
}
