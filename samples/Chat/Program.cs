using ChatSample;
using Spectre.Console;
using Streamline;
using Streamline.Resilience;

// One prompt as an argument or from a pipe, or else a conversation on the terminal. Escape or Ctrl+C stops an answer; at the prompt, Ctrl+C ends the program.
// STREAMLINE_PRICES, such as 3,15, are dollars per million tokens of input and of output.
var time = TimeProvider.System;
await using var provider = await ProviderChoice.FromEnvironmentAsync();
using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
var client = new StreamClientBuilder(provider.Protocol.CreateClient(http, provider.Options))
    .UseTools(new DemoTools(time).Create())
    .UseRetry(retry => retry.MidStream = MidStreamPolicy.Restart)
    .UseTimeouts()
    .UseBackpressure()
    .Build();

var view = ChatView.For(AnsiConsole.Console, time);
var conversation = new Conversation(client, view, time, Prices.Parse(Environment.GetEnvironmentVariable("STREAMLINE_PRICES")));
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

view.Note("Esc stops an answer, y and n answer a question, an empty line ends the conversation.");
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
