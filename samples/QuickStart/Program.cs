using Microsoft.Extensions.AI;
using Streamline;
using Streamline.Testing;

// With a key, Anthropic answers. Without one, a scripted provider does; it speaks the same protocol.
var key = Environment.GetEnvironmentVariable("ANTHROPIC_API_KEY");
var script = new ScriptedProvider(
    ScriptedReply.Text("Let me look.").ThenToolCall("get_weather", """{"city":"Paris"}"""),
    ScriptedReply.Text("Take a raincoat."));
var source = key is not null
    ? StreamProtocols.Anthropic.CreateClient(key, "claude-sonnet-4-5")
    : StreamProtocols.Anthropic.CreateClient(new HttpClient(script.CreateHandler()), "none", "any-model");

var weather = AIFunctionFactory.Create((string city) => $"Rain and 8 °C in {city}", "get_weather");
var client = new StreamClientBuilder(source)
    .UseTools(new ToolSet().Add(weather, tool => tool.ReadOnly = true)) // a read-only tool runs while the model is still writing
    .UseDefaults()                                                      // retry, timeouts, backpressure
    .Build();

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) => { pressed.Cancel = true; stop.Cancel(); };
try
{
    await foreach (var e in client.StreamAsync("What should I wear in Paris today?", cancellationToken: stop.Token))
    {
        switch (e)
        {
            case TextDelta text: Console.Write(text.Text); break;
            case ToolResult result: Console.WriteLine($" [{result.Name}: {result.Result}]"); break;
            case RetryScheduled retry: Console.WriteLine($"[{retry.Reason}; again in {retry.Delay}]"); break;
        }
    }

    Console.WriteLine();
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.WriteLine("[stopped]");
}
catch (StreamlineException failure)
{
    Console.WriteLine($"[{failure.Message}] Received so far: {failure.PartialResponse?.Text}");
}
