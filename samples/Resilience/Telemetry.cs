using System.Net;
using OpenTelemetry;
using OpenTelemetry.Trace;
using Streamline;
using Streamline.Diagnostics;
using Streamline.Testing;

namespace ResilienceSample;

/// <summary>One trace of an answer that needed a second attempt, shown on the console.</summary>
internal static class Telemetry
{
    public static async Task RunAsync()
    {
        Console.WriteLine("Telemetry");
        var provider = new ScriptedProvider(ScriptedReply.Error(HttpStatusCode.ServiceUnavailable, "busy", retryAfter: TimeSpan.Zero), ScriptedReply.Text("Well traced.") with { Usage = new TokenUsage { InputTokens = 9, OutputTokens = 3 } });
        using var http = new HttpClient(provider.CreateHandler());
        var source = StreamProtocols.Anthropic.CreateClient(http, "no-key", "scripted");

        // begin: telemetry
        using var traces = Sdk.CreateTracerProviderBuilder()
            .AddSource(StreamTelemetry.SourceName)
            .AddConsoleExporter()                     // or AddOtlpExporter() for the Aspire dashboard
            .Build();
        var client = new StreamClientBuilder(source)
            .UseTelemetry()
            .UseLogging()
            .UseDefaults(retry => retry.BaseDelay = TimeSpan.Zero)
            .Build();
        // end: telemetry

        await foreach (var _ in client.StreamTextAsync("Hello!"))
        {
            // The spans are what this part shows.
        }

        traces.ForceFlush();
        Console.WriteLine();
    }
}
