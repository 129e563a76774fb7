using Microsoft.Extensions.AI;
using Streamline;

namespace DocsSample.Migration;

/// <summary>From Microsoft.Extensions.AI.</summary>
internal static class FromExtensionsAI
{
    public static async Task BeforeAsync(IChatClient inner, AIFunction search, CancellationToken cancellationToken)
    {
        // begin: before
        using IChatClient chat = new ChatClientBuilder(inner).UseFunctionInvocation().Build();
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in chat.GetStreamingResponseAsync("Find me a coat.", new ChatOptions { Tools = [search] }, cancellationToken))
        {
            updates.Add(update);
            Console.Write(update.Text);
        }

        var history = updates.ToChatResponse().Messages;
        // end: before
        _ = history;
    }

    public static async Task AfterAsync(string apiKey, AIFunction search, CancellationToken cancellationToken)
    {
        // begin: after
        var client = new StreamClientBuilder(StreamProtocols.OpenAIChat.CreateClient(apiKey, "gpt-5"))
            .UseTools(new ToolSet().Add(search, tool => tool.ReadOnly = true))
            .UseDefaults()
            .Build();
        var state = new StreamState();
        await foreach (var streamEvent in client.StreamAsync("Find me a coat.", cancellationToken: cancellationToken))
        {
            state.Apply(streamEvent);
            if (streamEvent is TextDelta delta)
            {
                Console.Write(delta.Text);
            }
        }

        var history = state.ToChatResponse().Messages;
        // end: after
        _ = history;
    }
}
