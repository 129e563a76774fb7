using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline;
using Streamline.Testing;

namespace DocsSample;

/// <summary>The examples of docs/conversations.md.</summary>
internal static class Conversations
{
    public static async Task RunAsync(TextWriter output)
    {
        var provider = new ScriptedProvider(
            ScriptedReply.Text("Paris is rainy today."),
            ScriptedReply.Text("Take a raincoat and boots.") with { Faults = new FaultPlan { AbortAt = FaultPoint.AfterEvent(5) } },
            ScriptedReply.Text("A red one."));
        var client = StreamProtocols.Anthropic.CreateClient(new HttpClient(provider.CreateHandler()), "none", "any");
        List<ChatMessage> history = [new(ChatRole.System, "Answer in one sentence.")];
        await AskAsync(client, history, "How is Paris?", output, CancellationToken.None);
        await AskAsync(client, history, "What should I wear?", output, CancellationToken.None);

        history = Load(Store(history));
        var other = StreamProtocols.OpenAIChat.CreateClient(new HttpClient(provider.CreateHandler()), "none", "any");
        await SwitchAsync(other, history, output);
        await output.WriteLineAsync($"{history.Count} messages; the last request had {provider.Exchanges[^1].Request.Body.GetProperty("messages").GetArrayLength()}");

        // begin: ask
        static async Task AskAsync(IStreamClient client, List<ChatMessage> history, string question, TextWriter output, CancellationToken cancellationToken)
        {
            history.Add(new ChatMessage(ChatRole.User, question));
            var state = new StreamState();
            try
            {
                await foreach (var streamEvent in client.StreamAsync(history, cancellationToken: cancellationToken))
                {
                    state.Apply(streamEvent);
                    if (streamEvent is TextDelta delta)
                    {
                        await output.WriteAsync(delta.Text);
                    }
                }

                history.AddRange(state.ToChatResponse().Messages);
            }
            catch (Exception exception) when (exception is StreamlineException or OperationCanceledException)
            {
                // Cut off or stopped. What has arrived, if anything has, can be kept and sent back; open tool calls are closed by error results.
                if (PartialResponse.TryGet(exception, out var partial))
                {
                    history.AddRange(partial.Messages);
                }

                await output.WriteAsync($" [{exception.GetType().Name}]");
            }

            await output.WriteLineAsync();
        }
        // end: ask
    }

    private static string Store(List<ChatMessage> history)
    {
        // begin: store
        var json = JsonSerializer.Serialize(history, AIJsonUtilities.DefaultOptions);
        // end: store
        return json;
    }

    private static List<ChatMessage> Load(string json)
    {
        // begin: load
        var history = JsonSerializer.Deserialize<List<ChatMessage>>(json, AIJsonUtilities.DefaultOptions)!;
        // end: load
        return history;
    }

    private static async Task SwitchAsync(IStreamClient other, List<ChatMessage> history, TextWriter output)
    {
        // begin: switch
        history.Add(new ChatMessage(ChatRole.User, "Which colour?"));
        var response = await other.GetResponseAsync(history); // another provider, the same messages
        history.AddRange(response.Messages);
        // end: switch
        await output.WriteLineAsync(response.Text);
    }
}
