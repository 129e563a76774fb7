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

if (args.Length > 0 || Console.IsInputRedirected)
{
    var prompt = args.Length > 0 ? string.Join(' ', args) : await Console.In.ReadToEndAsync();
    if (string.IsNullOrWhiteSpace(prompt))
    {
        await Console.Error.WriteLineAsync("The prompt is missing: give it as an argument or through a pipe, or start without either on a terminal.");
        return 2;
    }

    return await conversation.AnswerAsync(prompt.Trim()) ? 0 : 1;
}

while (await AskAsync() is { } prompt)
{
    await conversation.AnswerAsync(prompt);
}

return 0;

// An empty line ends the conversation, and so does Ctrl+C.
static async Task<string?> AskAsync()
{
    using var leave = new CancellationTokenSource();
    ConsoleCancelEventHandler onCtrlC = (_, pressed) =>
    {
        pressed.Cancel = true;
        leave.Cancel();
    };
    Console.CancelKeyPress += onCtrlC;
    try
    {
        AnsiConsole.WriteLine();
        var prompt = await new TextPrompt<string>("[bold]You:[/]").AllowEmpty().ShowAsync(AnsiConsole.Console, leave.Token);
        return string.IsNullOrWhiteSpace(prompt) ? null : prompt;
    }
    catch (OperationCanceledException) when (leave.IsCancellationRequested)
    {
        AnsiConsole.WriteLine();
        return null;
    }
    finally
    {
        Console.CancelKeyPress -= onCtrlC;
    }
}
