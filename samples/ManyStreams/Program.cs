using ManyStreamsSample;
using Microsoft.Extensions.AI;
using Streamline;
using Streamline.Workflows;

// Five questions at once, two at a time, to a scripted model in this process: no key, no network.
using var http = ScriptedModel.CreateHttpClient();
var client = new StreamClientBuilder(StreamProtocols.Anthropic.CreateClient(http, "no-key", "scripted")).UseTimeouts().Build();
string[] cities = ["Paris", "Lyon", "Nowhere", "Oslo", "Lima"];

// begin: labelled
var events = client.StreamManyAsync(cities, city => new StreamRequest { Messages = [new(ChatRole.User, $"One sentence about {city}.")] }, new() { MaxConcurrency = 2 });
var answers = new List<MergedResult<string>>();
await foreach (var merged in events)
{
    if (merged.Event is TextDelta delta)
    {
        Console.WriteLine($"{merged.Input,-8} {delta.Text.Trim()}");
    }
    else if (merged.Result is { } result)
    {
        answers.Add(result); // exactly one for each city, whatever happened to its stream
    }
}
// end: labelled

Console.WriteLine();
foreach (var answer in answers.OrderBy(answer => answer.Index))
{
    Console.WriteLine(answer.Failure is { } failure ? $"{answer.Input}: failed: {failure.Message}" : $"{answer.Input}: {answer.Response.Text}");
}
