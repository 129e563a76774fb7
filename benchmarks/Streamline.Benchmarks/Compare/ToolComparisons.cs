using Microsoft.Extensions.AI;
using Streamline.Benchmarks.Pipeline;
using Streamline.Tools;

namespace Streamline.Benchmarks.Compare;

/// <summary>A conversation with two tools: from recorded bytes, and the loop alone over sources that cost almost nothing.</summary>
internal static class ToolComparisons
{
    public static async IAsyncEnumerable<Comparison> MeasureAsync(int rounds)
    {
        var peer = $"FunctionInvokingChatClient {typeof(FunctionInvokingChatClient).Assembly.GetName().Version!.ToString(3)}";
        using var conversation = new RecordedConversation();
        yield return await Duel.RunAsync("two tools, from recorded bytes", $"OpenAI with {peer}", conversation.OursAsync, conversation.PeerAsync, rounds);

        using var source = new TwoToolSource(isAsynchronous: false);
        var options = new ChatOptions { Tools = [.. source.Tools] };
        var tools = source.Tools.Aggregate(new ToolSet(), (set, tool) => set.Add(tool, new ToolOptions { ReadOnly = true }));
        var loop = new StreamClientBuilder(source).UseTools(tools).Build();
        using var invoking = new ChatClientBuilder(source).UseFunctionInvocation().Build();
        ChatMessage[] question = [new(ChatRole.User, "What is the weather in Paris, and what time is it?")];
        yield return await Duel.RunAsync("the tool loop alone", peer, () => ReadAsync(loop, question), () => ReadAsync(invoking, question, options), rounds);
    }

    private static async Task ReadAsync(IStreamClient client, IReadOnlyList<ChatMessage> messages)
    {
        await foreach (var streamEvent in client.StreamAsync(new StreamRequest { Messages = messages }))
        {
            _ = streamEvent;
        }
    }

    private static async Task ReadAsync(IChatClient client, IEnumerable<ChatMessage> messages, ChatOptions options)
    {
        await foreach (var update in client.GetStreamingResponseAsync(messages, options))
        {
            _ = update;
        }
    }
}
