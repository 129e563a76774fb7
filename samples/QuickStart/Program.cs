using Microsoft.Extensions.AI;
using Streamline;
using Streamline.Protocols;
using Streamline.Testing;

// With a key, Anthropic answers; without one, a scripted provider does, so that this runs anywhere.
var key = Environment.GetEnvironmentVariable("ANTHROPIC_API_KEY");
using var http = key is not null ? new HttpClient() : new HttpClient(new ScriptedProvider(
    ScriptedReply.Text("Let me look.").ThenToolCall("get_weather", """{"city":"Paris"}"""),
    ScriptedReply.Text("Take a raincoat.")).CreateHandler(StreamProtocols.Anthropic));

// begin: ten-lines
var weather = AIFunctionFactory.Create((string city) => $"Rain and 8 °C in {city}", "get_weather");
var client = new StreamClientBuilder(StreamProtocols.Anthropic.CreateClient(http, key ?? "none", "claude-sonnet-4-5"))
    .UseTools(new ToolSet().Add(weather, tool => tool.ReadOnly = true)).UseRetry().UseTimeouts().UseBackpressure().Build();
await foreach (var e in client.StreamAsync("What should I wear in Paris today?"))
    switch (e)
    {
        case TextDelta text: Console.Write(text.Text); break;
        case ToolResult result: Console.WriteLine($" [{result.Name}: {result.Result}] "); break;
        case RetryScheduled retry: Console.WriteLine($"[{retry.Reason}, again in {retry.Delay}]"); break;
    }
// end: ten-lines
