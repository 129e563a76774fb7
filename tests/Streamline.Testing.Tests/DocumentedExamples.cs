using System.Net;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;

namespace Streamline.Testing.Tests;

/// <summary>The examples of docs/testing.md.</summary>
public sealed class DocumentedExamples
{
    // begin: first
    [Fact]
    public async Task AskAsync_Question_ReturnsTheAnswer()
    {
        var provider = new ScriptedProvider(ScriptedReply.Text("Take a coat."));
        using var http = new HttpClient(provider.CreateHandler());
        var assistant = new Assistant(StreamProtocols.Anthropic.CreateClient(http, "any-key", "any-model"));

        var answer = await assistant.AskAsync("What should I wear?");

        Assert.Equal("Take a coat.", answer);
        Assert.Equal("What should I wear?", provider.Exchanges.Single().Request.LastUserText);
    }
    // end: first

    // begin: fault
    [Fact]
    public async Task AskAsync_ConnectionBreaksOnce_StartsOver()
    {
        var provider = new ScriptedProvider(
            ScriptedReply.Text("Take a coat.") with { Faults = new FaultPlan { AbortAt = FaultPoint.AfterEvent(3) } },
            ScriptedReply.Text("Take a coat."));
        using var http = new HttpClient(provider.CreateHandler());
        var client = new StreamClientBuilder(StreamProtocols.Anthropic.CreateClient(http, "any-key", "any-model"))
            .UseRetry(retry => (retry.MidStream, retry.BaseDelay) = (MidStreamPolicy.Restart, TimeSpan.Zero))
            .Build();

        var answer = await new Assistant(client).AskAsync("What should I wear?");

        Assert.Equal("Take a coat.", answer);
        Assert.Equal(2, provider.Exchanges.Count);
    }
    // end: fault

    // begin: tools
    [Fact]
    public async Task AskAsync_ModelCallsATool_SendsTheResult()
    {
        var provider = new ScriptedProvider(
            ScriptedReply.ToolCall("get_weather", """{"city":"Paris"}"""),
            ScriptedReply.Text("It rains."));
        using var http = new HttpClient(provider.CreateHandler());
        var weather = AIFunctionFactory.Create((string city) => $"Rain in {city}", "get_weather");
        var client = new StreamClientBuilder(StreamProtocols.OpenAIChat.CreateClient(http, "any-key", "any-model")).UseTools(weather).Build();

        await new Assistant(client).AskAsync("How is Paris?");

        Assert.Equal("Rain in Paris", provider.Exchanges[1].Request.ToolResults.Single().Content);
    }
    // end: tools

    // begin: stop
    [Fact]
    public async Task AskAsync_UserStops_ClosesTheConnection()
    {
        var provider = new ScriptedProvider(ScriptedReply.Text("A long story.") with { Faults = new FaultPlan { StallAt = FaultPoint.AfterEvent(3) } });
        using var http = new HttpClient(provider.CreateHandler());
        using var stop = new CancellationTokenSource();
        var assistant = new Assistant(StreamProtocols.Anthropic.CreateClient(http, "any-key", "any-model"));

        var asking = assistant.AskAsync("Tell me a story.", stop.Token);
        var exchange = await provider.WaitForExchangeAsync(0);
        await exchange.Stalled; // the provider has sent three events and waits
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        Assert.Equal(ExchangeOutcome.ClientGone, await exchange.Completion);
    }
    // end: stop

    // begin: respond
    [Fact]
    public async Task AskAsync_AnyQuestion_IsEchoed()
    {
        var provider = new ScriptedProvider(request => ScriptedReply.Text($"You said: {request.LastUserText}"));
        using var http = new HttpClient(provider.CreateHandler());
        var assistant = new Assistant(StreamProtocols.Gemini.CreateClient(http, "any-key", "any-model"));

        Assert.Equal("You said: one", await assistant.AskAsync("one"));
        Assert.Equal("You said: two", await assistant.AskAsync("two"));
    }
    // end: respond

    // begin: clock
    [Fact]
    public async Task StreamAsync_RateLimited_WaitsAsLongAsTheProviderSays()
    {
        var clock = new FakeTimeProvider();
        var provider = new ScriptedProvider(
            new ScriptedProviderOptions { TimeProvider = clock },
            ScriptedReply.Error(HttpStatusCode.TooManyRequests, "Slow down.", retryAfter: TimeSpan.FromSeconds(30)),
            ScriptedReply.Text("Take a coat."));
        using var http = new HttpClient(provider.CreateHandler());
        var client = new StreamClientBuilder(StreamProtocols.Anthropic.CreateClient(http, "any-key", "any-model"))
            .UseTimeProvider(clock)
            .UseRetry()
            .Build();
        var state = new StreamState();

        await foreach (var streamEvent in client.StreamAsync("What should I wear?"))
        {
            state.Apply(streamEvent);
            if (streamEvent is RetryScheduled retry)
            {
                Assert.InRange(retry.Delay, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(45));
                clock.Advance(retry.Delay); // takes no real time
            }
        }

        Assert.Equal("Take a coat.", state.Text);
    }
    // end: clock

    // begin: timeout
    [Fact]
    public async Task AskAsync_ProviderIsSilent_EndsAtTheTimeLimit()
    {
        var clock = new FakeTimeProvider();
        var provider = new ScriptedProvider(ScriptedReply.Text("Too late.") with { Faults = new FaultPlan { StallAt = FaultPoint.BeforeHead } });
        using var http = new HttpClient(provider.CreateHandler());
        var client = new StreamClientBuilder(StreamProtocols.Anthropic.CreateClient(http, "any-key", "any-model"))
            .UseTimeProvider(clock)
            .UseTimeouts(limits => limits.FirstEvent = TimeSpan.FromSeconds(20))
            .Build();

        var asking = new Assistant(client).AskAsync("What should I wear?");
        var exchange = await provider.WaitForExchangeAsync(0);
        await exchange.Stalled; // the request is there, and the clock of its time limit runs
        clock.Advance(TimeSpan.FromSeconds(20));

        var late = await Assert.ThrowsAsync<StreamTimeoutException>(() => asking);
        Assert.Equal(StreamTimeoutPhase.FirstEvent, late.Phase);
    }
    // end: timeout

    // begin: socket
    [Fact]
    public async Task AskAsync_OverASocket_ReturnsTheAnswer()
    {
        await using var host = await ScriptedProviderHost.StartAsync(new ScriptedProvider(ScriptedReply.Text("Take a coat.")));
        using var http = new HttpClient();
        var options = new StreamClientOptions { BaseAddress = host.BaseAddress, Model = "any-model" };
        var assistant = new Assistant(StreamProtocols.Anthropic.CreateClient(http, options));

        Assert.Equal("Take a coat.", await assistant.AskAsync("What should I wear?"));
    }
    // end: socket

    /// <summary>The application that is tested.</summary>
    private sealed class Assistant(IStreamClient client)
    {
        public async Task<string> AskAsync(string question, CancellationToken cancellationToken = default)
        {
            var state = new StreamState();
            await foreach (var streamEvent in client.StreamAsync(question, cancellationToken: cancellationToken))
            {
                state.Apply(streamEvent);
            }

            return state.Text;
        }
    }
}
