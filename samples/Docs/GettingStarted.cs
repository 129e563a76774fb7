using Microsoft.Extensions.AI;
using Streamline;
using Streamline.Testing;

namespace DocsSample;

/// <summary>The examples of docs/getting-started.md.</summary>
internal static class GettingStarted
{
    public static IStreamClient CreateClient(string apiKey)
    {
        // begin: client
        IStreamClient client = new StreamClientBuilder(StreamProtocols.Anthropic.CreateClient(apiKey, "claude-sonnet-4-5"))
            .UseDefaults() // retry, timeouts, backpressure
            .Build();
        // end: client
        return client;
    }

    public static async Task RunAsync(TextWriter output)
    {
        var provider = new ScriptedProvider(new ScriptedProviderOptions { RepeatLastReply = true }, ScriptedReply.Text("Seine, Rhine and Elbe."));
        var client = new StreamClientBuilder(StreamProtocols.Anthropic.CreateClient(new HttpClient(provider.CreateHandler()), "none", "any")).UseDefaults().Build();
        await StreamAsync(client, output, CancellationToken.None);
        await WholeAsync(client, output, CancellationToken.None);
        await FailuresAsync(client, output, CancellationToken.None);
    }

    private static async Task StreamAsync(IStreamClient client, TextWriter output, CancellationToken cancellationToken)
    {
        // begin: text
        await foreach (var text in client.StreamTextAsync("Name three rivers.", cancellationToken: cancellationToken))
        {
            await output.WriteAsync(text);
        }
        // end: text
        await output.WriteLineAsync();
    }

    private static async Task WholeAsync(IStreamClient client, TextWriter output, CancellationToken cancellationToken)
    {
        // begin: whole
        ChatResponse response = await client.GetResponseAsync("Name three rivers.", cancellationToken: cancellationToken);
        await output.WriteLineAsync($"{response.Text} ({response.FinishReason})");
        // end: whole
    }

    private static async Task FailuresAsync(IStreamClient client, TextWriter output, CancellationToken cancellationToken)
    {
        // begin: failures
        try
        {
            await foreach (var streamEvent in client.StreamAsync("Name three rivers.", cancellationToken: cancellationToken))
            {
                if (streamEvent is TextDelta delta)
                {
                    await output.WriteAsync(delta.Text);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await output.WriteLineAsync("stopped by the user");
        }
        catch (ProviderException refused)
        {
            await output.WriteLineAsync($"{refused.Provider} answered {refused.StatusCode} ({refused.Code}): {refused.ProviderMessage}");
        }
        catch (StreamTimeoutException late)
        {
            await output.WriteLineAsync($"nothing arrived within {late.Timeout} ({late.Phase})");
        }
        catch (StreamlineException failure)
        {
            await output.WriteLineAsync($"{failure.Message} Received so far: {failure.PartialResponse?.Text}");
        }
        // end: failures
        await output.WriteLineAsync();
    }
}
