using Microsoft.Extensions.AI;
using Streamline.Protocols;

namespace Streamline.Tests.Protocols.Matrix;

/// <summary>What was heard of an answer, and the request that goes on with it.</summary>
internal sealed class HeardAnswer(StreamProtocol protocol, List<StreamEvent> events, Exception? exception)
{
    private static readonly ChatOptions Options = new() { Tools = [RequestBody.Weather] };

    public Exception? Exception => exception;

    public IEnumerable<T> Of<T>()
        where T : StreamEvent => events.OfType<T>();

    /// <summary>The body of the next request, after the conversation was stored, with a result for every call in their order.</summary>
    public string Next
    {
        get
        {
            var answer = RequestBody.Store(WireRun.Fold(events).ToChatMessage());
            var results = answer.Contents.OfType<FunctionCallContent>().Select(call => (AIContent)new FunctionResultContent(call.CallId, "result-of-" + call.CallId)).ToList();
            return RequestBody.Write(
                protocol,
                [new ChatMessage(ChatRole.User, "q"), answer, .. results.Count > 0 ? [new ChatMessage(ChatRole.Tool, results)] : Array.Empty<ChatMessage>(), new ChatMessage(ChatRole.User, "Go on.")],
                Options).ToJsonString();
        }
    }

    /// <summary>Claims that what has a mark came as metadata.</summary>
    public string? Metadata(string mark) => Of<ProviderMetadata>().Any(metadata => metadata.Value.GetRawText().Contains(mark, StringComparison.Ordinal)) ? "meta" : null;

    /// <summary>Claims that a block with a mark came raw, and goes back.</summary>
    public string? Raw(string mark) =>
        Of<ContentCompleted>().Any(completed => completed.Kind is ContentKind.Other or ContentKind.ServerToolResult && completed.Raw?.GetRawText().Contains(mark, StringComparison.Ordinal) == true)
            && Next.Contains(mark, StringComparison.Ordinal)
            ? "raw"
            : null;
}
