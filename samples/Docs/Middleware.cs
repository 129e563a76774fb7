using Streamline;
using Streamline.Testing;

namespace DocsSample;

/// <summary>The examples of docs/pipeline.md#your-own-middleware.</summary>
internal static class Middleware
{
    public static async Task RunAsync(TextWriter output)
    {
        var provider = new ScriptedProvider(ScriptedReply.Text("One — two — three."));
        var source = StreamProtocols.Anthropic.CreateClient(new HttpClient(provider.CreateHandler()), "none", "any");
        // begin: middleware
        var client = new StreamClientBuilder(source).Use((request, inner, cancellationToken) => CountAsync(inner.StreamAsync(request, cancellationToken), output)).Build();
        // end: middleware
        await foreach (var text in new StreamClientBuilder(client).Use((request, inner, cancellationToken) => WithPlainDashesAsync(inner.StreamAsync(request, cancellationToken))).Build().StreamTextAsync("Count."))
        {
            await output.WriteAsync(text);
        }

        await output.WriteLineAsync();
    }

    // begin: count
    private static async IAsyncEnumerable<StreamEvent> CountAsync(IAsyncEnumerable<StreamEvent> events, TextWriter output)
    {
        var deltas = 0;
        await foreach (var streamEvent in events)
        {
            deltas += streamEvent is TextDelta ? 1 : 0;
            yield return streamEvent;
        }

        await output.WriteAsync($" [{deltas} deltas]");
    }
    // end: count

    // begin: change
    private static async IAsyncEnumerable<StreamEvent> WithPlainDashesAsync(IAsyncEnumerable<StreamEvent> events)
    {
        await foreach (var streamEvent in events)
        {
            yield return streamEvent is TextDelta delta
                ? new TextDelta { Index = delta.Index, Text = delta.Text.Replace('—', '-') }
                : streamEvent;
        }
    }
    // end: change
}
