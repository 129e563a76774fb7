using ChatSample;
using Spectre.Console;
using Streamline;

// One prompt as an argument or from a pipe, or else a conversation on the terminal. Ctrl+C stops an answer, and at the prompt the program.
await using var provider = await ProviderChoice.FromEnvironmentAsync();
using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
var client = new StreamClientBuilder(provider.Protocol.CreateClient(http, provider.Options))
    .UseTools(DemoTools.Create())
    .UseRetry(retry => retry.MidStream = MidStreamPolicy.Restart)
    .UseTimeouts()
    .UseBackpressure()
    .Build();

var view = ChatView.For(AnsiConsole.Console);
var conversation = new Conversation(client, view, TimeProvider.System);
view.Note($"Answered by {provider.Description}.");

if (args.Length > 0)
{
    return await conversation.AnswerAsync(string.Join(' ', args)) ? 0 : 1;
}

if (Console.IsInputRedirected)
{
    return await conversation.AnswerAsync((await Console.In.ReadToEndAsync()).Trim()) ? 0 : 1;
}

while (AnsiConsole.Prompt(new TextPrompt<string>("[bold]You:[/]").AllowEmpty()) is { Length: > 0 } prompt)
{
    await conversation.AnswerAsync(prompt);
}

return 0;
