namespace Streamline.Protocols.Bedrock;

/// <summary>
/// Tells the calls of a conversation and their results as text. The service refuses blocks of tools in a request that offers none, and offering
/// tools that the application did not would let the model call them.
/// </summary>
internal static class BedrockToolTranscript
{
    /// <summary>Tells whether a content belongs to a tool that the service ran itself, of which nothing can be told without its block.</summary>
    public static bool IsOfServerTool(AIContent content) =>
        content is ToolCallContent and not FunctionCallContent || content.RawBlock(BedrockConverseProtocol.ProtocolName)?.Object("toolResult"u8) is not null;

    /// <summary>Makes contents without blocks of tools of one content; any but a call or a result stays as it is.</summary>
    public static IEnumerable<AIContent> Of(AIContent content) => content switch
    {
        FunctionCallContent call => [new TextContent($"[The tool {call.Name} was called, as {call.CallId}, with {ArgumentValues.Text(call)}]")],
        FunctionResultContent result => Of(result),
        _ => [content],
    };

    private static IEnumerable<AIContent> Of(FunctionResultContent result)
    {
        var contents = result.Contents(BedrockConverseProtocol.ProtocolName) ?? [new TextContent(result.Text())];
        return contents.Where(BedrockContentWriter.IsSent).Prepend(new TextContent($"[The call {result.CallId} {(result.IsError() ? "failed" : "gave")}:]"));
    }
}
