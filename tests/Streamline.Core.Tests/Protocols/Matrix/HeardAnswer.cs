using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols;
using Streamline.Protocols.Shared;

namespace Streamline.Tests.Protocols.Matrix;

/// <summary>What was heard of an answer, and the request that goes on with it.</summary>
internal sealed class HeardAnswer(StreamProtocol protocol, List<StreamEvent> events, Exception? exception)
{
    private static readonly ChatOptions Options = new() { Tools = [RequestBody.Weather] };

    public Exception? Exception => exception;

    public IEnumerable<T> Of<T>()
        where T : StreamEvent => events.OfType<T>();

    /// <summary>
    /// The body of the next request, after the conversation was stored, with a result for every call in their order, and with what an item or reasoning needs to
    /// go back.
    /// </summary>
    public string Next
    {
        get
        {
            var answer = RequestBody.Store(WireRun.Fold(events).ToChatMessage());
            var results = answer.Contents.OfType<FunctionCallContent>().Select(call => (AIContent)new FunctionResultContent(call.CallId, "result-of-" + call.CallId)).ToList();
            results.AddRange(answer.Contents.Where(content => Block(content, "openai-responses")?.Text("type"u8) == "computer_call")
                .Select(_ => Own("openai-responses", """{"type":"computer_call_output","call_id":"c","output":{}}""")));
            answer.Contents = [.. answer.Contents.SelectMany(WithOtherHalf)];
            if (answer.Contents is [.., TextReasoningContent])
            {
                answer.Contents.Add(new TextContent("Done."));
            }

            return RequestBody.Write(
                protocol,
                [new ChatMessage(ChatRole.User, "q"), answer, .. results.Count > 0 ? [new ChatMessage(ChatRole.Tool, results)] : Array.Empty<ChatMessage>(), new ChatMessage(ChatRole.User, "Go on.")],
                Options).ToJsonString();
        }
    }

    // A call of a server tool goes back with its result, and the result with its call.
    private static IEnumerable<AIContent> WithOtherHalf(AIContent content)
    {
        var (messages, converse) = (Block(content, "anthropic"), Block(content, "bedrock"));
        if (messages?.Text("type"u8) == "server_tool_use")
        {
            return [content, Own("anthropic", $$"""{"type":"web_search_tool_result","tool_use_id":"{{messages.Value.Text("id"u8)}}","content":[]}""")];
        }

        if (messages?.Text("type"u8) == "web_search_tool_result")
        {
            return [Own("anthropic", $$$"""{"type":"server_tool_use","id":"{{{messages.Value.Text("tool_use_id"u8)}}}","name":"web_search","input":{}}"""), content];
        }

        if (content is ToolCallContent and not FunctionCallContent && converse?.Object("toolUse"u8)?.Text("toolUseId"u8) is { } called)
        {
            return [content, Own("bedrock", $$$"""{"toolResult":{"toolUseId":"{{{called}}}","content":[]}}""")];
        }

        return converse?.Object("toolResult"u8)?.Text("toolUseId"u8) is { } answered
            ? [Own("bedrock", $$$$"""{"toolUse":{"toolUseId":"{{{{answered}}}}","name":"g","type":"server_tool_use","input":{}}}"""), content]
            : [content];
    }

    private static JsonElement? Block(AIContent content, string protocol) => content.RawBlock(protocol);

    private static AIContent Own(string protocol, string block) => new() { AdditionalProperties = new() { [ContentProperties.RawBlock(protocol)] = JsonElement.Parse(block) } };

    /// <summary>Claims that what has a mark came as metadata.</summary>
    public string? Metadata(string mark) => Of<ProviderMetadata>().Any(metadata => metadata.Value.GetRawText().Contains(mark, StringComparison.Ordinal)) ? "meta" : null;

    /// <summary>Claims that a block with a mark came raw, and goes back.</summary>
    public string? Raw(string mark) =>
        Of<ContentCompleted>().Any(completed => completed.Kind is ContentKind.Other or ContentKind.ServerToolResult && completed.Raw?.GetRawText().Contains(mark, StringComparison.Ordinal) == true)
            && Next.Contains(mark, StringComparison.Ordinal)
            ? "raw"
            : null;
}
