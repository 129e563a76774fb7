using Microsoft.Extensions.AI;
using Streamline;
using StreamlineChat;

// An empty line ends the chat. Ctrl+C stops an answer; what had arrived stays in the history.
var time = TimeProvider.System;
var client = new StreamClientBuilder(Provider.FromEnvironment())
    .UseTools(new ToolSet().Add(Tools.CreateClock(time), tool => tool.ReadOnly = true)) // a read-only tool runs while the model is still writing
    .UseDefaults()                                                                      // retry, timeouts, backpressure
    .Build();
var history = new List<ChatMessage>();

while (Ask() is { } question)
{
    history.Add(new ChatMessage(ChatRole.User, question));
    using var stop = new CancellationTokenSource();
    ConsoleCancelEventHandler onCtrlC = (_, pressed) =>
    {
        pressed.Cancel = !stop.IsCancellationRequested;
        stop.Cancel();
    };
    Console.CancelKeyPress += onCtrlC;
    try
    {
        history.AddRange(await AnswerAsync(stop.Token));
    }
    catch (Exception exception)
    {
        if (PartialResponse.TryGet(exception, out var partial))
        {
            history.AddRange(partial.Messages);
        }

        Console.WriteLine($" [{(stop.IsCancellationRequested ? "stopped" : exception.Message)}]");
    }
    finally
    {
        Console.CancelKeyPress -= onCtrlC;
    }
}

string? Ask()
{
    Console.Write("You: ");
    return Console.ReadLine() is { } line && !string.IsNullOrWhiteSpace(line) ? line : null;
}

async Task<IList<ChatMessage>> AnswerAsync(CancellationToken cancellationToken)
{
    var state = new StreamState();
    await foreach (var e in client.StreamAsync(history, cancellationToken: cancellationToken))
    {
        state.Apply(e);
        switch (e)
        {
            case TextDelta text: Console.Write(text.Text); break;
            case ToolResult result: Console.Write($" [{result.Name}: {result.Result}] "); break;
            case RetryScheduled retry: Console.WriteLine($"[{retry.Reason}; again in {retry.Delay}]"); break;
        }
    }

    Console.WriteLine();
    return state.ToChatResponse().Messages;
}
