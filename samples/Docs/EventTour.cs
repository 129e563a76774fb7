using Streamline;
using Streamline.Testing;

namespace DocsSample;

/// <summary>The examples of docs/events.md.</summary>
internal static class EventTour
{
    public static async Task RunAsync(TextWriter output)
    {
        var provider = new ScriptedProvider(
            ScriptedReply.Reasoning("Rain is likely.").ThenText("Take a coat.") with { Usage = new TokenUsage { InputTokens = 12, OutputTokens = 5 } },
            ScriptedReply.Text("Take a coat."),
            ScriptedReply.Text("Take a coat."));
        var client = StreamProtocols.Anthropic.CreateClient(new HttpClient(provider.CreateHandler()), "none", "any");
        await ShowAsync(client.StreamAsync("What should I wear?"), output);
        await FoldAsync(client.StreamAsync("What should I wear?"), output);
        await StoreAsync(client.StreamAsync("What should I wear?"), output);
    }

    private static async Task ShowAsync(IAsyncEnumerable<StreamEvent> events, TextWriter output)
    {
        // begin: show
        await foreach (var streamEvent in events)
        {
            switch (streamEvent)
            {
                case TextDelta text:
                    await output.WriteAsync(text.Text);
                    break;
                case ReasoningDelta reasoning:
                    await output.WriteAsync($"({reasoning.Text})");
                    break;
                case ToolInputDelta input: // a preview: the arguments are still growing
                    await output.WriteLineAsync($"{input.CallId}: {input.Input.GetRawText()}");
                    break;
                case ToolResult { IsError: true } failed:
                    await output.WriteLineAsync($"{failed.Name} failed: {failed.Result}");
                    break;
                case StreamRestarted restarted: // discard what you have shown of this response
                    await output.WriteLineAsync($"starting over: {restarted.Reason}");
                    break;
                case ResponseCompleted completed:
                    await output.WriteLineAsync($" [{completed.FinishReason}, {completed.Usage?.OutputTokens} tokens]");
                    break;
                default: // later versions may add events
                    break;
            }
        }
        // end: show
    }

    private static async Task FoldAsync(IAsyncEnumerable<StreamEvent> events, TextWriter output)
    {
        // begin: fold
        var state = new StreamState();
        await foreach (var streamEvent in events)
        {
            state.Apply(streamEvent);
        }

        await output.WriteLineAsync($"{state.Text} ({state.FinishReason})");
        var messages = state.ToChatResponse().Messages; // ready to be sent back
        // end: fold
        await output.WriteLineAsync($"{messages.Count} message");
    }

    private static async Task StoreAsync(IAsyncEnumerable<StreamEvent> events, TextWriter output)
    {
        // begin: json
        var journal = new List<string>();
        await foreach (var streamEvent in events)
        {
            journal.Add(StreamEventJson.Serialize(streamEvent)); // one line each
        }

        var replayed = new StreamState();
        foreach (var line in journal)
        {
            replayed.Apply(StreamEventJson.Deserialize(line));
        }

        await output.WriteLineAsync($"{journal[0]}\n{replayed.Text}");
        // end: json
    }
}
