using System.Net;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Testing.Tests;

/// <summary>Our own clients read what the provider writes, in each wire and by each door, faults included.</summary>
public class RoundTripTests
{
    public static TheoryData<Door, string> Everywhere => new()
    {
        { Door.InProcess, "anthropic" },
        { Door.InProcess, "openai" },
        { Door.InProcess, "openai-responses" },
        { Door.InProcess, "ollama" },
        { Door.InProcess, "gemini" },
        { Door.InProcess, "gemini-interactions" },
        { Door.InProcess, "bedrock" },
        { Door.InProcess, "bedrock-anthropic" },
        { Door.InProcess, "cohere" },
        { Door.Socket, "anthropic" },
        { Door.Socket, "openai" },
        { Door.Socket, "openai-responses" },
        { Door.Socket, "ollama" },
        { Door.Socket, "gemini" },
        { Door.Socket, "gemini-interactions" },
        { Door.Socket, "bedrock" },
        { Door.Socket, "bedrock-anthropic" },
        { Door.Socket, "cohere" },
    };

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task Reply_MixedBlocks_IsReadAsWritten(Door door, string wire)
    {
        var reply = ScriptedReply.Reasoning("Two calls, then.").ThenText("Grüße! \U0001F326 \"Now\".")
            .ThenToolCall("get_weather", """{"city":"Zürich"}""").ThenToolCall("get_time", "") with
        {
            Model = "m",
            ResponseId = "r",
            Usage = new TokenUsage { InputTokens = 10, OutputTokens = 20, TotalTokens = 30 },
            Faults = new FaultPlan { ChunkSeed = 5, ChunkSize = 17 },
        };
        await using var setup = await Setup.OpenAsync(door, wire, reply);

        var events = await setup.Client.StreamAsync("Hi").CollectAsync();

        events.OfType<ResponseStarted>().Should().ContainSingle().Which.Should().BeEquivalentTo(
            new
            {
                Provider = wire == "bedrock-anthropic" ? "anthropic" : wire,
                ResponseId = wire is "ollama" or "bedrock" ? null : "r",
                Model = wire is "bedrock" or "cohere" ? null : "m",
                RequestId = "req_1",
            });
        string.Concat(events.OfType<ReasoningDelta>().Select(delta => delta.Text)).Should().Be("Two calls, then.");
        events.OfType<TextDelta>().Select(delta => delta.Text).Should().Equal("Grüße!", " \U0001F326", " \"Now\".");
        events.OfType<ToolCallCompleted>().Select(call => (call.CallId, call.Name, call.ArgumentsText, call.Arguments?.GetRawText())).Should().Equal(
            ("call_1_3", "get_weather", """{"city":"Zürich"}""", """{"city":"Zürich"}"""), ("call_1_4", "get_time", "", "{}"));
        events.Should().NotContain(e => e is ProviderEvent);
        events[^1].Should().BeOfType<ResponseCompleted>().Which.Should().BeEquivalentTo(
            new { FinishReason = FinishReason.ToolCalls, Usage = new { InputTokens = 10L, OutputTokens = 20L, TotalTokens = 30L } });

        // The Interactions API sends one more frame after the event that ends the response; the client does not wait for it.
        (await setup.Provider.Exchanges[0].Completion.OrFail()).Should().Be(
            (door, wire) == (Door.InProcess, "gemini-interactions") ? ExchangeOutcome.ClientGone : ExchangeOutcome.Completed);
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    [Trait("Law", "9")]
    public async Task Consumer_BreaksOutOfTheLoop_IsSeenByTheProvider(Door door, string wire)
    {
        var reply = ScriptedReply.Text("One two three.") with { Faults = new FaultPlan { StallAt = FaultPoint.AfterEvent(4) } };
        await using var setup = await Setup.OpenAsync(door, wire, reply);

        await BreakAfterFirstTextAsync(setup.Client).OrFail();

        (await setup.Provider.Exchanges[0].Completion.OrFail()).Should().Be(ExchangeOutcome.ClientGone);

        static async Task BreakAfterFirstTextAsync(IStreamClient client)
        {
            await foreach (var streamEvent in client.StreamAsync("Hi"))
            {
                if (streamEvent is TextDelta)
                {
                    return;
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    [Trait("Law", "9")]
    public async Task Consumer_CancelsWhileTheReplyStalls_IsSeenByTheProvider(Door door, string wire)
    {
        var reply = ScriptedReply.Text("One two three.") with { Faults = new FaultPlan { StallAt = FaultPoint.AfterEvent(4) } };
        await using var setup = await Setup.OpenAsync(door, wire, reply);
        using var leaving = new CancellationTokenSource();

        var reading = setup.Client.StreamAsync("Hi", cancellationToken: leaving.Token).CatchAsync();
        var exchange = await setup.Provider.WaitForExchangeAsync(0).OrFail();
        await exchange.Stalled.OrFail();
        await leaving.CancelAsync();

        (await reading).Exception.Should().BeAssignableTo<OperationCanceledException>().Which.CancellationToken.Should().Be(leaving.Token);
        (await exchange.Completion.OrFail()).Should().Be(ExchangeOutcome.ClientGone);
    }

    /// <summary>The example that <see cref="ScriptedProvider"/> documents, by every door.</summary>
    [Theory]
    [MemberData(nameof(Everywhere))]
    [Trait("Law", "6")]
    public async Task Connection_BrokenUnderAnApplicationThatRestarts_ShowsTheAnswerOnce(Door door, string wire)
    {
        var reply = ScriptedReply.Text("The answer is long.");
        await using var setup = await Setup.OpenAsync(door, wire, reply with { Faults = new FaultPlan { AbortAt = FaultPoint.AfterEvent(4) } }, reply);
        var application = new StreamClientBuilder(setup.Client)
            .UseRetry(retry =>
            {
                retry.MidStream = MidStreamPolicy.Restart;
                retry.BaseDelay = TimeSpan.Zero;
            })
            .Build();

        var events = await application.StreamAsync("Why?").CollectAsync();

        events.Should().ContainSingle(e => e is StreamRestarted);
        events.Fold().ToChatResponse().Text.Should().Be("The answer is long.");
        setup.Provider.Exchanges.Select(exchange => exchange.Request.LastUserText).Should().Equal("Why?", "Why?");
        (await Task.WhenAll(setup.Provider.Exchanges.Select(exchange => exchange.Completion)).OrFail())
            .Should().Equal(ExchangeOutcome.Aborted, ExchangeOutcome.Completed);
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    [Trait("Law", "4")]
    public async Task Connection_Broken_IsAnInterruptionWithThePartialMessage(Door door, string wire)
    {
        var reply = ScriptedReply.Text("One two three.") with { Faults = new FaultPlan { AbortAt = FaultPoint.AfterEvent(4) } };
        await using var setup = await Setup.OpenAsync(door, wire, reply);

        var (events, exception) = await setup.Client.StreamAsync("Hi").CatchAsync();

        events.OfType<TextDelta>().Select(delta => delta.Text).Should().Equal("One", " two");
        exception.Should().BeOfType<StreamInterruptedException>().Which.PartialResponse!.Text.Should().Be("One two");
    }

    [Theory]
    [InlineData("anthropic")]
    [InlineData("openai")]
    [InlineData("openai-responses")]
    [InlineData("ollama")]
    [InlineData("gemini")]
    [InlineData("gemini-interactions")]
    [InlineData("bedrock")]
    [InlineData("bedrock-anthropic")]
    [InlineData("cohere")]
    [Trait("Law", "4")]
    public async Task Body_EndsAtAnyByte_NeverPassesForAWholeAnswer(string wire)
    {
        var reply = ScriptedReply.Text("One two.").ThenToolCall("f", """{"a":1}""") with { ResponseId = "r" };
        await using var setup = await Setup.OpenAsync(Door.InProcess, wire, reply);
        var whole = await setup.Client.StreamAsync("Hi").CollectAsync();
        var length = setup.Provider.Exchanges[0].BytesWritten;
        var endedEarly = 0;
        for (var cut = 0L; cut < length; cut++)
        {
            setup.Provider.Enqueue(reply with { Faults = new FaultPlan { EndAt = FaultPoint.AtByte(cut) } });

            var (events, exception) = await setup.Client.StreamAsync("Hi").CatchAsync();

            // Only what follows the word that ends the answer may be missing from a whole one.
            if (exception is null)
            {
                events.OfType<ResponseCompleted>().Should().ContainSingle("the body was cut at byte {0}", cut);
                events.OfType<ToolCallCompleted>().Single().ArgumentsText.Should().Be("""{"a":1}""");
                continue;
            }

            endedEarly++;
            var interruption = exception.Should().BeOfType<StreamInterruptedException>("the body was cut at byte {0}", cut).Subject;
            (interruption.PartialResponse?.Text ?? "").Should().Be(string.Concat(events.OfType<TextDelta>().Select(delta => delta.Text)));
            interruption.BytesReceived.Should().Be(cut);
            events.Should().NotContain(e => e is ResponseCompleted, "the body was cut at byte {0}", cut);
        }

        endedEarly.Should().BeGreaterThan((int)(length * 3 / 4));
        whole[^1].Should().BeOfType<ResponseCompleted>();
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    [Trait("Law", "4")]
    public async Task TerminalEvent_Omitted_IsAnInterruption(Door door, string wire)
    {
        await using var setup = await Setup.OpenAsync(door, wire, ScriptedReply.Text("One") with { Faults = new FaultPlan { OmitTerminalEvent = true } });

        var (_, exception) = await setup.Client.StreamAsync("Hi").CatchAsync();

        exception.Should().BeOfType<StreamInterruptedException>().Which.PartialResponse!.Text.Should().Be("One");
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    [Trait("Law", "5")]
    public async Task Error_InBand_IsClassifiedAsItsStatus(Door door, string wire)
    {
        var limited = new ScriptedError(HttpStatusCode.TooManyRequests, "rate_limit_error", "Slow down.");
        var plan = new FaultPlan { ErrorAfterEvent = 4, Error = limited };
        await using var setup = await Setup.OpenAsync(
            door, wire, ScriptedReply.Text("One two three.") with { Faults = plan }, ScriptedReply.Text("x") with { Faults = plan with { ErrorAfterEvent = 0 } });

        var (events, exception) = await setup.Client.StreamAsync("Hi").CatchAsync();
        var (nothing, first) = await setup.Client.StreamAsync("Hi").CatchAsync();

        events.OfType<TextDelta>().Select(delta => delta.Text).Should().Equal("One", " two");
        nothing.Should().NotContain(e => e is TextDelta || e is ContentCompleted || e is ResponseCompleted);
        foreach (var error in new[] { exception, first })
        {
            error.Should().BeOfType<ProviderException>().Which.Should().BeEquivalentTo(new
            {
                StatusCode = HttpStatusCode.TooManyRequests,
                Code = "rate_limit_error",
                ProviderMessage = "Slow down.",
                IsInBand = true,
                IsRetryable = true,
            });
        }
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task Error_ByStatus_IsReadWithItsHeaders(Door door, string wire)
    {
        await using var setup = await Setup.OpenAsync(
            door, wire, ScriptedReply.Error(HttpStatusCode.TooManyRequests, "Slow down.", "rate_limit_error", TimeSpan.FromMilliseconds(1500)));

        var (_, exception) = await setup.Client.StreamAsync("Hi").CatchAsync();

        exception.Should().BeOfType<ProviderException>().Which.Should().BeEquivalentTo(new
        {
            Provider = wire,
            StatusCode = HttpStatusCode.TooManyRequests,
            Code = "rate_limit_error",
            ProviderMessage = "Slow down.",
            RequestId = "req_1",
            RetryAfter = TimeSpan.FromMilliseconds(1500),
            IsRetryable = true,
        });
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    [Trait("Law", "10")]
    public async Task ExpectedApiKey_Wrong_IsUnauthorizedAndTheKeyStaysIn(Door door, string wire)
    {
        var provider = new ScriptedProvider(new ScriptedProviderOptions { ExpectedApiKey = "sk-right" });
        await using var setup = await Setup.OpenAsync(door, wire, provider, "sk-wrong");

        var (_, exception) = await setup.Client.StreamAsync("Hi").CatchAsync();

        exception.Should().BeOfType<ProviderException>().Which.Should().BeEquivalentTo(
            new { StatusCode = HttpStatusCode.Unauthorized, Code = UnauthorizedCode(wire), IsRetryable = false });
        exception!.ToString().Should().NotContain("sk-wrong").And.NotContain("sk-right");
        provider.Exchanges[0].Request.Headers.Values.Should().NotContain(value => value.Contains("sk-wrong", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task ToolResults_SentByOurClients_ReachTheScript(Door door, string wire)
    {
        var provider = new ScriptedProvider(request => request.ToolResults is [var result, ..]
            ? ScriptedReply.Text($"{result.CallId} gave {result.Content}")
            : ScriptedReply.ToolCall("get_weather", """{"city":"Paris"}"""));
        await using var setup = await Setup.OpenAsync(door, wire, provider, "sk-any");
        var question = new ChatMessage(ChatRole.User, "How is Paris?");
        var options = new ChatOptions { Tools = [AIFunctionFactory.CreateDeclaration("get_weather", "Tells the weather.", JsonElement.Parse("""{"type":"object"}"""))] };

        var first = await setup.Client.GetResponseAsync(new StreamRequest { Messages = [question], Options = options }).OrFail();
        var call = first.Messages[0].Contents.OfType<FunctionCallContent>().Single();
        var second = await setup.Client.GetResponseAsync(new StreamRequest
        {
            Messages = [question, .. first.Messages, new ChatMessage(ChatRole.Tool, [new FunctionResultContent(call.CallId, "18 C")])],
            Options = options,
        }).OrFail();

        second.Text.Should().Be("call_1_1 gave 18 C");
        provider.Exchanges.Select(exchange => exchange.Request.LastUserText).Should().Equal("How is Paris?", "How is Paris?");
        provider.Exchanges[1].Request.Body.ValueKind.Should().Be(JsonValueKind.Object);
    }

    private static string? UnauthorizedCode(string wire) => wire switch
    {
        "gemini-interactions" => "unauthenticated",
        "anthropic" => "authentication_error",
        "openai" or "openai-responses" => "invalid_api_key",
        "gemini" => "UNAUTHENTICATED",
        "bedrock" or "bedrock-anthropic" => "AccessDeniedException",
        _ => null,
    };

    private sealed class Setup : IAsyncDisposable
    {
        private readonly ProviderClient _http;

        private Setup(ProviderClient http, ScriptedProvider provider, IStreamClient client)
        {
            _http = http;
            Provider = provider;
            Client = client;
        }

        public ScriptedProvider Provider { get; }

        public IStreamClient Client { get; }

        public static Task<Setup> OpenAsync(Door door, string wire, params ScriptedReply[] replies) =>
            OpenAsync(door, wire, new ScriptedProvider(replies), "sk-any");

        public static async Task<Setup> OpenAsync(Door door, string wire, ScriptedProvider provider, string key)
        {
            var http = await ProviderClient.OpenAsync(door, provider);
            return new Setup(http, provider, FaultTests.Wire(wire).CreateClient(http.Http, key, "m"));
        }

        public ValueTask DisposeAsync() => _http.DisposeAsync();
    }
}
