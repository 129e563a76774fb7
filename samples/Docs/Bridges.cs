using Microsoft.Extensions.AI;
using Streamline;
using Streamline.Testing;

namespace DocsSample;

/// <summary>The examples of docs/bridges.md.</summary>
internal static class Bridges
{
    public static async Task RunAsync(TextWriter output)
    {
        var provider = new ScriptedProvider(new ScriptedProviderOptions { RepeatLastReply = true }, ScriptedReply.Text("Hello there."));
        var client = StreamProtocols.Anthropic.CreateClient(new HttpClient(provider.CreateHandler()), "none", "any");
        await OutAsync(client, output);
        await InAsync(client.AsChatClient(), output);
        await InsideAsync(client.AsChatClient(), AIFunctionFactory.Create(() => "noon", "get_time"), output);
    }

    private static async Task OutAsync(IStreamClient client, TextWriter output)
    {
        // begin: out
        using IChatClient chat = client.AsChatClient(); // for code that takes an IChatClient
        await foreach (var update in chat.GetStreamingResponseAsync("Hello"))
        {
            await output.WriteAsync(update.Text);
        }
        // end: out
        await output.WriteLineAsync();
    }

    private static async Task InAsync(IChatClient chat, TextWriter output)
    {
        // begin: in
        IStreamClient client = new StreamClientBuilder(chat.AsStreamClient()) // any IChatClient as the source of a pipeline
            .UseDefaults()
            .Build();
        await foreach (var text in client.StreamTextAsync("Hello"))
        {
            await output.WriteAsync(text);
        }
        // end: in
        await output.WriteLineAsync();
    }

    private static async Task InsideAsync(IChatClient inner, AIFunction tool, TextWriter output)
    {
        // begin: inside
        using IChatClient chat = new ChatClientBuilder(inner)
            .Use(source => new StreamClientBuilder(source.AsStreamClient())
                .UseTools(new ToolSet().Add(tool, options => options.ReadOnly = true)) // in place of UseFunctionInvocation()
                .UseDefaults()
                .Build()
                .AsChatClient())
            .Build();
        // end: inside
        await output.WriteLineAsync((await chat.GetResponseAsync("Hello")).Text);
    }
}
