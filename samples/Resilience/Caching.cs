using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Streamline;
using Streamline.Resilience;
using Streamline.Testing;

namespace ResilienceSample;

/// <summary>The same question three times at once, and once more later: one request.</summary>
internal static class Caching
{
    public static async Task RunAsync()
    {
        Console.WriteLine("Cache");
        var provider = new ScriptedProvider(_ => ScriptedReply.Text("Forty-two, as always.") with { Delay = TimeSpan.FromMilliseconds(20) });
        using var http = new HttpClient(provider.CreateHandler());
        var source = StreamProtocols.Anthropic.CreateClient(http, "no-key", "scripted");
        var memory = new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions()));

        // begin: cache
        var client = new StreamClientBuilder(source)
            .UseCache(options =>
            {
                options.Cache = memory;                   // or the IDistributedCache of the services
                options.Tenant = request => request.Items.TryGetValue("tenant", out var tenant) ? (string)tenant : ""; // the requests that name none share
                options.Expiration = TimeSpan.FromMinutes(10);
            })
            .UseDefaults()
            .Build();
        // end: cache

        var request = new StreamRequest { Messages = [new(Microsoft.Extensions.AI.ChatRole.User, "The answer?")], Items = new Dictionary<object, object> { ["tenant"] = "acme" } };
        await Task.WhenAll(Enumerable.Range(1, 3).Select(number => AskAsync(client, request, number)));
        await AskAsync(client, request, 4);
        Console.WriteLine($"{provider.Exchanges.Count} request was sent");
        Console.WriteLine();
    }

    private static async Task AskAsync(IStreamClient client, StreamRequest request, int number)
    {
        var text = "";
        var from = "asked";
        await foreach (var streamEvent in client.StreamAsync(request))
        {
            from = streamEvent is CacheAnswered answered ? (answered.IsLive ? "joined" : "cached") : from;
            text += (streamEvent as TextDelta)?.Text;
        }

        Console.WriteLine($"{number} {from}: {text}");
    }
}
