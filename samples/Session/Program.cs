using System.ComponentModel;
using Microsoft.Extensions.AI;
using SessionSample;
using Streamline;

// A user watches, another one steers, and the conversation continues in another process. A scripted model answers: no key, no network.
var searching = new TaskCompletionSource();
var found = new TaskCompletionSource();
using var http = ScriptedModel.CreateHttpClient();
var client = new StreamClientBuilder(StreamProtocols.Anthropic.CreateClient(http, "no-key", "scripted"))
    .UseTools(AIFunctionFactory.Create(SearchAsync, "search")).UseDefaults().Build();

// begin: session
await using var session = new StreamSession(client);
var watching = Task.Run(async () =>
{
    await foreach (var sessionEvent in session.ObserveAsync(SessionObserverPolicy.Coalesce))
    {
        Console.Write(sessionEvent switch
        {
            SessionStreamEvent { Event: TextDelta delta } => delta.Text,
            SessionMessageEvent { Outcome: { Turn: { } turn, Round: { } round } } delivered => $"\n> {delivered.Message.Message.Text}   [turn {turn}, round {round}]\n",
            SessionMessageEvent { Outcome.Undelivered: { } why } dropped => $"\n> {dropped.Message.Message.Text}   [not delivered: {why}]\n",
            SessionTurnEnded ended => $"\n[{ended.End}]\n",
            _ => "",
        });
    }
});

var turn = session.SendAsync("Find me a coat.");
await searching.Task; // the model has called the tool
var steer = session.Steer(new ChatMessage(ChatRole.User, "A red one, please."));
session.Queue(new ChatMessage(ChatRole.User, "And shoes."));
found.SetResult();
await turn;
await session.WhenIdleAsync(); // after the queue too
// end: session

// begin: interrupt
_ = session.SendAsync("Tell me a long story.");
var interrupt = session.InterruptAndSend(new ChatMessage(ChatRole.User, "Stop. What is the time?"));
var outcome = await interrupt.Outcome; // delivered at once, as its own turn
// end: interrupt
await session.WhenIdleAsync();

// begin: save
var saved = session.Save();
await using var restored = StreamSession.Restore(client, saved); // in another process, say
var answer = await restored.SendAsync("Thank you.");
// end: save
await session.DisposeAsync();
await watching;
Console.WriteLine($"\n{(await steer.Outcome).Round}, {outcome.Turn}, {answer.Response.Text}");

[Description("Searches the shop.")]
async Task<string> SearchAsync(string what)
{
    searching.TrySetResult();
    await found.Task;
    return $"2 {what}: one red, one blue";
}
