using System.Net;
using Streamline;
using Streamline.Resilience;
using Streamline.Testing;

namespace ResilienceSample;

/// <summary>A provider that is overloaded, and another one that takes over; then a first content that is late.</summary>
internal static class Failover
{
    public static async Task RunAsync()
    {
        Console.WriteLine("Failover");
        using var busy = new HttpClient(new ScriptedProvider(_ => ScriptedReply.Error((HttpStatusCode)529, "Overloaded", "overloaded_error")).CreateHandler());
        using var well = new HttpClient(new ScriptedProvider(call => ScriptedReply.Text(call.LastUserText == "Who is there?" ? "The other provider answers." : "village, turns the corner at the mill, and follows the river.")).CreateHandler());
        var claude = StreamProtocols.Anthropic.CreateClient(busy, "no-key", "claude");
        var gpt = StreamProtocols.OpenAIChat.CreateClient(well, new StreamClientOptions { BaseAddress = new Uri("http://model/v1"), Model = "gpt" });

        // begin: failover
        var backup = new StreamClientBuilder(gpt).UseDefaults().Build();
        var client = new StreamClientBuilder(claude)
            .UseFailover(options =>
            {
                options.PrimaryName = "claude";
                options.Clients.Add(new FailoverClient("gpt", backup) { Model = "gpt" });
            })
            .UseRetry(retry => retry.MaxAttempts = 1)
            .UseTimeouts()
            .UseBackpressure()
            .Build();

        await foreach (var streamEvent in client.StreamAsync("Who is there?"))
        {
            if (streamEvent is ClientChanged changed)
            {
                Console.WriteLine($"{changed.Previous} → {changed.Client}: {changed.Reason} ({changed.Kind})");
            }
            else if (streamEvent is TextDelta delta)
            {
                Console.Write(delta.Text);
            }
        }
        // end: failover

        Console.WriteLine("\n");

        var faults = new FaultPlan { AbortAt = FaultPoint.AfterEvent(10) };
        using var broken = new HttpClient(new ScriptedProvider(_ => ScriptedReply.Text("The road leaves the village, turns the corner and is lost.") with { Faults = faults }).CreateHandler());
        claude = StreamProtocols.Anthropic.CreateClient(broken, "no-key", "claude");

        // begin: failover-midstream
        var surviving = new StreamClientBuilder(claude)
            .UseFailover(options =>
            {
                options.Clients.Add(new FailoverClient("gpt", backup) { Model = "gpt" });
                options.MidStream = MidStreamPolicy.Continue;
                options.Continue.AllowStitching = true; // gpt takes no prefill: it is asked in words
                options.Continue.Otherwise = MidStreamPolicy.Restart;
            })
            .UseTimeouts()
            .UseBackpressure()
            .Build();

        await foreach (var streamEvent in surviving.StreamAsync("Where does the road lead?"))
        {
            Console.Write(streamEvent switch
            {
                TextDelta delta => delta.Text,
                ClientChanged changed => $" [{changed.Client} is asked: {changed.Reason}] ",
                StreamResumed seam => $"[{seam.Strategy}, {seam.Confidence}] ",
                _ => "",
            });
        }
        // end: failover-midstream

        Console.WriteLine("\n");
    }

    public static async Task HedgeAsync()
    {
        Console.WriteLine("Hedging");
        var requests = 0;
        var provider = new ScriptedProvider(_ => ScriptedReply.Text("Soon there.") with { Delay = TimeSpan.FromMilliseconds(++requests == 21 ? 500 : 1) });
        using var http = new HttpClient(provider.CreateHandler());
        var source = StreamProtocols.Anthropic.CreateClient(http, "no-key", "scripted");

        // begin: hedging
        var client = new StreamClientBuilder(source)
            .UseHedging(options =>
            {
                options.MinimumRequests = 20;
                options.MinDelay = TimeSpan.FromMilliseconds(50);
                options.Budget = 0.05;                             // at most a twentieth more tokens
            })
            .UseDefaults()
            .Build();
        // end: hedging

        for (var i = 0; i < 21; i++)
        {
            await foreach (var streamEvent in client.StreamAsync("Where are you?"))
            {
                switch (streamEvent)
                {
                    case HedgeStarted:
                        Console.WriteLine("the first content is late: a second request was sent");
                        break;
                    case HedgeEnded ended:
                        Console.WriteLine($"{ended.Winner} answers, {ended.Loser} is closed");
                        break;
                    default:
                        break;
                }
            }
        }

        Console.WriteLine();
    }
}
