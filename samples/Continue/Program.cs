using ContinueSample;
using Streamline;
using Streamline.Resilience;

// A connection breaks in the middle of an answer, and the answer continues: once for a model that takes a prefill, once for one that has to be asked. No key, no network.
using var http = ScriptedModel.CreateHttpClient();
foreach (var model in new[] { "claude-haiku-4-5", "claude-opus-5" })
{
    var source = StreamProtocols.Anthropic.CreateClient(http, "no-key", model);

    // begin: continue
    var client = new StreamClientBuilder(source)
        .UseRetry(retry =>
        {
            retry.MidStream = MidStreamPolicy.Continue;
            retry.Continue.AllowStitching = true; // models that take no prefill are asked in words
            retry.Continue.Otherwise = MidStreamPolicy.Restart; // where neither is possible
        })
        .UseTimeouts()
        .Build();
    await foreach (var e in client.StreamAsync("Which road should I take?"))
    {
        Console.Write(e switch
        {
            TextDelta delta => delta.Text,
            StreamResumed seam => $"[{seam.Strategy}, {seam.Confidence}, {seam.OverlapRemoved + seam.PrefaceRemoved} characters removed]",
            StreamRestarted => "\n[disregard what was shown]\n",
            _ => "",
        });
    }
    // end: continue
    Console.WriteLine();
}

// begin: timeouts
var watched = new StreamClientBuilder(StreamProtocols.Anthropic.CreateClient(http, "no-key", "claude-haiku-4-5"))
    .UseTimeouts(limits =>
    {
        limits.FirstEvent = TimeSpan.FromSeconds(30); // to the first event that is not a ping
        limits.Idle = TimeSpan.FromSeconds(20); // between two events
        limits.MinThroughput = 5; // characters a second, while the model writes
        limits.Total = TimeSpan.FromMinutes(10);
    })
    .Build();
try
{
    await watched.GetResponseAsync("Which road should I take?");
}
catch (StreamTimeoutException late)
{
    Console.WriteLine($"too late: {late.Phase}");
}
catch (StreamInterruptedException broken)
{
    Console.WriteLine($"broken after: {broken.PartialResponse?.Text}");
}
// end: timeouts
