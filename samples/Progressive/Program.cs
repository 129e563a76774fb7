using Microsoft.Extensions.AI;
using ProgressiveSample;
using Streamline;

// A scripted model in this process: no key, no network.
using var http = ScriptedModel.CreateHttpClient();
var client = new StreamClientBuilder(StreamProtocols.Anthropic.CreateClient(http, "no-key", "scripted"))
    .UseTools(AIFunctionFactory.Create((string city) => $"8 °C in {city}", "get_weather")).UseDefaults().Build();

// Output of two tasks at once: one line at a time.
await Guide.WriteAsync(client, "Paris in November", TextWriter.Synchronized(Console.Out));
