using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests;

/// <summary>A tool loop over responses that are known in advance.</summary>
internal sealed class Loop
{
    private Loop(FakeStreamClient source, IStreamClient client)
    {
        Source = source;
        Client = client;
    }

    public FakeStreamClient Source { get; }

    public IStreamClient Client { get; }

    public static Loop Over(ToolSet tools, Action<ToolLoopOptions>? configure, params StreamEvent[][] responses)
    {
        var source = new FakeStreamClient([.. responses.Select(events =>
            new Func<StreamRequest, CancellationToken, IAsyncEnumerable<StreamEvent>>((_, _) => FakeStreamClient.Stream(events)))]);
        return new Loop(source, new StreamClientBuilder(source).UseTools(tools, configure).Build());
    }

    public static Loop Over(ToolSet tools, params StreamEvent[][] responses) => Over(tools, configure: null, responses);

    public Task<List<StreamEvent>> RunAsync(ChatOptions? options = null) => Client.StreamAsync("hi", options).CollectAsync();

    /// <summary>The results in the tool messages of the last request, in their order.</summary>
    public IReadOnlyList<FunctionResultContent> SentResults() =>
        [.. Source.Requests[^1].Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>()];
}

internal static class EventsExtensions
{
    public static ToolResult ResultOf(this IEnumerable<StreamEvent> events, string callId) =>
        events.OfType<ToolResult>().Should().ContainSingle(result => result.CallId == callId).Subject;

    public static string ErrorOf(this IEnumerable<StreamEvent> events, string callId)
    {
        var result = events.ResultOf(callId);
        result.IsError.Should().BeTrue();
        return result.Result.GetString()!;
    }
}
