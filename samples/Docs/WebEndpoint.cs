using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.AI;
using Streamline;
using Streamline.Resilience;
using Streamline.Testing;

namespace DocsSample;

/// <summary>The examples of docs/aspnetcore.md.</summary>
internal static class WebEndpoint
{
    public static void Register(WebApplicationBuilder builder, string apiKey)
    {
        // begin: register
        builder.Services
            .AddStreamClient("claude", StreamProtocols.Anthropic, options => (options.ApiKey, options.Model) = (apiKey, "claude-sonnet-4-5"))
            .UseDefaults();
        // end: register
    }

    public static void RegisterTwo(WebApplicationBuilder builder, string apiKey, string otherKey)
    {
        // begin: register-failover
        builder.Services
            .AddStreamClient("claude", StreamProtocols.Anthropic, options => (options.ApiKey, options.Model) = (apiKey, "claude-sonnet-4-5"))
            .UseDefaults();
        builder.Services
            .AddStreamClient("gpt", StreamProtocols.OpenAIChat, options => (options.ApiKey, options.Model) = (otherKey, "gpt-5"))
            .UseDefaults();
        builder.Services.AddKeyedSingleton("claude-first", (services, _) => First("claude", "gpt", services));
        builder.Services.AddKeyedSingleton("gpt-first", (services, _) => First("gpt", "claude", services));

        static IStreamClient First(string name, string other, IServiceProvider services) =>
            new StreamClientBuilder(services.GetRequiredKeyedService<IStreamClient>(name))
                .UseFailover(failover =>
                {
                    failover.PrimaryName = name;
                    failover.Clients.Add(new FailoverClient(other, services.GetRequiredKeyedService<IStreamClient>(other)));
                })
                .Build(services);
        // end: register-failover
    }

    public static void RegisterForTests(WebApplicationBuilder builder, ScriptedProvider provider)
    {
        // begin: register-test
        builder.Services
            .AddStreamClient(
                "claude",
                StreamProtocols.Anthropic,
                options => (options.ApiKey, options.Model) = ("none", "any"),
                http => http.ConfigurePrimaryHttpMessageHandler(provider.CreateHandler)) // the scripted provider answers
            .UseDefaults();
        // end: register-test
    }

    // begin: endpoint
    public static void MapChat(this WebApplication app) => app.MapPost("/chat", IResult (Question question, IStreamClient client, CancellationToken requestAborted) =>
        string.IsNullOrWhiteSpace(question.Text)
            ? TypedResults.BadRequest(new { message = "The question is empty." })
            : TypedResults.ServerSentEvents(ToSseAsync(client.StreamAsync(question.Text, cancellationToken: requestAborted), app.Logger, requestAborted)));

    private static async IAsyncEnumerable<SseItem<string>> ToSseAsync(
        IAsyncEnumerable<StreamEvent> events, ILogger logger, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var reader = events.GetAsyncEnumerator(cancellationToken);
        for (var failed = false; !failed;)
        {
            SseItem<string> item;
            try
            {
                if (!await reader.MoveNextAsync())
                {
                    yield break;
                }

                if (!IsForBrowser(reader.Current))
                {
                    continue;
                }

                item = new SseItem<string>(StreamEventJson.Serialize(reader.Current));
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                // The status line is already sent, so the failure is an event too. What it says is for the log: it may name servers of yours.
                logger.LogError(failure, "The answer could not be completed");
                item = new SseItem<string>(JsonSerializer.Serialize(new { message = "The answer could not be completed. Try again." }), "failure");
                failed = true;
            }

            yield return item;
        }
    }

    // What the page shows, and nothing else: other events name providers, models and ids of requests, or hold calls of your tools.
    private static bool IsForBrowser(StreamEvent streamEvent) => streamEvent is TextDelta or StreamRestarted or ResponseCompleted or KeepAlive;
    // end: endpoint

    public static async Task RunAsync(TextWriter output)
    {
        var provider = new ScriptedProvider(
            ScriptedReply.Text("Take a coat."),
            ScriptedReply.Text("Take a coat.") with { Faults = new FaultPlan { StallAt = FaultPoint.AfterEvent(3) } });
        var two = WebApplication.CreateSlimBuilder();
        RegisterTwo(two, "none", "none");
        await using var both = two.Build();
        _ = both.Services.GetRequiredKeyedService<IStreamClient>("claude-first"); // the pipeline is built here, and checked

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        RegisterForTests(builder, provider);
        await using var app = builder.Build();
        app.MapChat();
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        using var http = new HttpClient { BaseAddress = new Uri(address) };

        using var answer = await http.PostAsJsonAsync("/chat", new Question("What should I wear?"));
        await foreach (var item in SseParser.Create(await answer.Content.ReadAsStreamAsync()).EnumerateAsync())
        {
            if (StreamEventJson.Deserialize(item.Data) is TextDelta delta)
            {
                await output.WriteAsync(delta.Text);
            }
        }

        // A browser that goes away ends the provider's stream as well.
        using (var request = new HttpRequestMessage(HttpMethod.Post, "/chat") { Content = JsonContent.Create(new Question("What should I wear?")) })
        using (var left = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead))
        {
            await (await provider.WaitForExchangeAsync(1)).Stalled;
        }

        await output.WriteLineAsync($" [{await provider.Exchanges[1].Completion}]");
    }

    public sealed record Question(string Text);
}
