using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Streamline;
using Streamline.Json;
using Streamline.Resilience;
using Streamline.Sse;
using Streamline.Testing;

namespace QuickStartSample;

/// <summary>The snippets of the README, compiled.</summary>
internal static class Snippets
{
    public static void Tools(StreamClientBuilder builder, AIFunction search, AIFunction deleteFile)
    {
        // begin: tools
        builder.UseTools(new ToolSet().Add(search, tool => tool.ReadOnly = true).Add(deleteFile, tool => tool.Exclusive = true));
        // end: tools
    }

    public static void Retry(StreamClientBuilder builder)
    {
        // begin: retry
        builder.UseRetry(retry => { retry.MaxAttempts = 5; retry.MidStream = MidStreamPolicy.Restart; });
        // end: retry
    }

    public static void Timeouts(StreamClientBuilder builder)
    {
        // begin: timeouts
        builder.UseTimeouts(limits => limits.Idle = TimeSpan.FromSeconds(30));
        // end: timeouts
    }

    public static void Backpressure(StreamClientBuilder builder)
    {
        // begin: backpressure
        builder.UseBackpressure(buffer => buffer.FullMode = BackpressureFullMode.Coalesce);
        // end: backpressure
    }

    public static void Hosting(IServiceCollection services, string key)
    {
        // begin: hosting
        services.AddStreamClient("claude", StreamProtocols.Anthropic, options => options.ApiKey = key).UseDefaults();
        // end: hosting
    }

    public static void Bridges(IStreamClient client, IChatClient other)
    {
        // begin: bridges
        IChatClient chat = client.AsChatClient();                          // for whatever takes an IChatClient
        var piped = new StreamClientBuilder(other.AsStreamClient()).UseTimeouts().UseBackpressure().Build();
        // end: bridges
    }

    public static async Task StructuredAsync(IStreamClient client)
    {
        // begin: structured
        await foreach (var partial in client.StreamObjectAsync("A recipe for pancakes, please.", RecipeContext.Default.Recipe))
            Console.WriteLine($"{partial.Value?.Title}: {partial.Value?.Steps?.Count ?? 0} steps{(partial.IsComplete ? "." : " …")}");
        // end: structured
    }

    public static async Task OwnHttpAsync(Stream body)
    {
        // begin: own-http
        await foreach (var e in StreamProtocols.Anthropic.ReadAsync(body))
            Console.WriteLine(StreamEventJson.Serialize(e));
        // end: own-http
    }

    public static async Task ParsersAsync(Stream stream)
    {
        // begin: parsers
        using var reader = SseReader.Create(stream);                 // server-sent events: all of the WHATWG rules, no allocation per event
        while (await reader.WaitToReadAsync())
            while (reader.TryRead(out var e))
                Console.WriteLine($"{e.EventType.Length} bytes of type, {e.Data.Length} bytes of data");

        var document = new PartialJsonDocument();                    // JSON that grows: each byte is looked at once
        document.Append("""{"city":"Par"""u8);
        Console.WriteLine(document.RootElement["city"].GetString()); // Par
        // end: parsers
    }

    public static IStreamClient Testing()
    {
        // begin: testing
        var provider = new ScriptedProvider(ScriptedReply.Text("Hello there.") with { Faults = new FaultPlan { AbortAt = FaultPoint.AfterEvent(3) } });
        var client = StreamProtocols.Anthropic.CreateClient(new HttpClient(provider.CreateHandler()), "none", "any");
        // end: testing
        return client;
    }
}
