using Streamline.Protocols.Shared;
using Streamline.Testing;
using Streamline.TestSupport;

namespace Streamline.Tests.Http;

/// <summary>Leaving a stream over a real socket, observed on the server's side.</summary>
public sealed class HttpStreamClientLeavingTests
{
    public static TheoryData<string> All => Wires.All();

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Law", "9")]
    public async Task StreamAsync_Break_ClosesTheConnection(string wire)
    {
        await using var host = await ScriptedProviderHost.StartAsync(Stalling());
        var client = Client(host, wire, new HttpClient());

        await foreach (var streamEvent in client.StreamAsync("Hi"))
        {
            if (streamEvent is TextDelta)
            {
                break;
            }
        }

        (await host.Provider.Exchanges[0].Completion.OrFail()).Should().Be(ExchangeOutcome.ClientGone);
    }

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Law", "9")]
    public async Task StreamAsync_BreakUnderTheWholePipeline_ClosesTheConnection(string wire)
    {
        await using var host = await ScriptedProviderHost.StartAsync(Stalling());
        var client = new StreamClientBuilder(Client(host, wire, new HttpClient())).UseRetry().UseTimeouts().UseBackpressure().Build();

        await foreach (var streamEvent in client.StreamAsync("Hi"))
        {
            if (streamEvent is TextDelta)
            {
                break;
            }
        }

        (await host.Provider.Exchanges[0].Completion.OrFail()).Should().Be(ExchangeOutcome.ClientGone);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    [Trait("Law", "9")]
    public async Task StreamAsync_TwoTokens_TheExceptionCarriesTheOneThatWasCancelled(bool ofCall, bool middleware)
    {
        await using var host = await ScriptedProviderHost.StartAsync(Stalling());
        using var http = new HttpClient();
        using var call = new CancellationTokenSource();
        using var enumeration = new CancellationTokenSource();
        var builder = new StreamClientBuilder(Client(host, "anthropic", http));
        var client = (middleware ? builder.UseRetry().UseTimeouts().UseBackpressure() : builder).Build();
        await using var events = client.StreamAsync("Hi", cancellationToken: call.Token).GetAsyncEnumerator(enumeration.Token);
        while (await events.MoveNextAsync() && events.Current is not TextDelta)
        {
        }

        var cancelled = ofCall ? call : enumeration;
        await cancelled.CancelAsync();
        var exception = await FluentActions.Awaiting(async () =>
        {
            while (await events.MoveNextAsync())
            {
            }
        }).Should().ThrowAsync<OperationCanceledException>();

        exception.Which.CancellationToken.Should().Be(cancelled.Token);
        exception.Which.GetPartialResponse().Should().NotBeNull();
    }

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Law", "9")]
    public async Task StreamAsync_Cancelled_ClosesTheConnectionAndCarriesTokenAndPartialResponse(string wire)
    {
        await using var host = await ScriptedProviderHost.StartAsync(Stalling());
        using var cancellation = new CancellationTokenSource();
        var client = new StreamClientBuilder(Client(host, wire, new HttpClient())).UseRetry().UseTimeouts().UseBackpressure().Build();
        var reading = client.StreamAsync("Hi", cancellationToken: cancellation.Token).CatchAsync();
        var exchange = await host.Provider.WaitForExchangeAsync(0).OrFail();
        await exchange.Stalled.OrFail();

        await cancellation.CancelAsync();

        var (events, exception) = await reading.OrFail();
        exception.Should().BeAssignableTo<OperationCanceledException>().Which.CancellationToken.Should().Be(cancellation.Token);
        if (events.OfType<TextDelta>().Any())
        {
            exception!.GetPartialResponse()!.Text.Should().StartWith("one");
        }

        (await exchange.Completion.OrFail()).Should().Be(ExchangeOutcome.ClientGone);
    }

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Law", "9")]
    public async Task StreamAsync_CancelledWhileBufferedEventsRemain_StopsAtOnce(string wire)
    {
        using var cancellation = new CancellationTokenSource();
        var client = Wires.ClientOf(new ScriptedProvider(ScriptedReply.Text("one two three four five six")), wire);
        var seen = 0;

        var read = async () =>
        {
            await foreach (var streamEvent in client.StreamAsync("Hi", cancellationToken: cancellation.Token))
            {
                seen++;
                await cancellation.CancelAsync();
            }
        };

        (await read.Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(cancellation.Token);
        seen.Should().Be(1);
    }

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Law", "8")]
    [Trait("Law", "12")]
    public async Task StreamAsync_StalledBody_TimesOutWithItsPhaseAndThePartialResponse(string wire)
    {
        var time = new ManualTimeProvider();
        await using var host = await ScriptedProviderHost.StartAsync(Stalling());
        var client = new StreamClientBuilder(Client(host, wire, new HttpClient()))
            .UseTimeouts(limits => (limits.Idle, limits.TimeProvider) = (TimeSpan.FromSeconds(30), time)).Build();
        var firstText = new TaskCompletionSource();
        var reading = Observe(client.StreamAsync("Hi"), streamEvent =>
        {
            if (streamEvent is TextDelta { Text: var text } && text.Contains("three", StringComparison.Ordinal))
            {
                firstText.TrySetResult();
            }
        }).CatchAsync();
        await firstText.Task.OrFail();
        await time.WaitForTimersAsync().OrFail();

        time.Advance(TimeSpan.FromSeconds(31));

        var (_, exception) = await reading.OrFail();
        var timeout = exception.Should().BeOfType<StreamTimeoutException>().Subject;
        timeout.Phase.Should().Be(StreamTimeoutPhase.Idle);
        timeout.Timeout.Should().Be(TimeSpan.FromSeconds(30));
        timeout.PartialResponse!.Text.Should().StartWith("one two three");
        (await host.Provider.Exchanges[0].Completion.OrFail()).Should().Be(ExchangeOutcome.ClientGone);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task StreamAsync_HeadNeverArrives_IsATimeoutOfTheHead(string wire)
    {
        await using var host = await ScriptedProviderHost.StartAsync(new ScriptedProvider(
            ScriptedReply.Text("never") with { Faults = new FaultPlan { StallAt = FaultPoint.BeforeHead } }));
        var client = Client(host, wire, new HttpClient { Timeout = TimeSpan.FromMilliseconds(50) });

        var (_, exception) = await client.StreamAsync("Hi").CatchAsync();

        exception.Should().BeOfType<StreamTimeoutException>().Which.Phase.Should().Be(StreamTimeoutPhase.ResponseHead);
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task StreamAsync_Break_CancelsAReadBeforeTheBodyIsDisposed()
    {
        var body = new StallingStream("data: {\"id\":\"c\",\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n"u8.ToArray());
        using var http = new HttpClient(new AnsweringHandler(body));
        var client = Wires.Named("openai").CreateClient(http, new StreamClientOptions { ApiKey = Wires.Key, Model = "m" });

        await foreach (var _ in client.StreamAsync("Hi"))
        {
            break;
        }

        body.Log.Distinct().Should().Equal("read", "cancelled", "disposed");
    }

    private static async IAsyncEnumerable<StreamEvent> Observe(IAsyncEnumerable<StreamEvent> events, Action<StreamEvent> observe)
    {
        await foreach (var streamEvent in events)
        {
            observe(streamEvent);
            yield return streamEvent;
        }
    }

    private static ScriptedProvider Stalling() =>
        new(ScriptedReply.Text("one two three four five") with { Faults = new FaultPlan { StallAt = FaultPoint.AfterEvent(5) } });

    private static IStreamClient Client(ScriptedProviderHost host, string wire, HttpClient http) => Wires.Named(wire).CreateClient(
        http,
        new StreamClientOptions { ApiKey = Wires.Key, Model = "m", BaseAddress = Wires.BaseAddressOn(host.BaseAddress, wire) });

    private sealed class AnsweringHandler(Stream body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage { Content = new StreamContent(body) });
    }

    /// <summary>Gives some bytes, and then waits until the read is cancelled.</summary>
    private sealed class StallingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public List<string> Log { get; } = [];

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position < Length)
            {
                Log.Add("read");
                return Read(buffer.Span);
            }

            var cancelled = new TaskCompletionSource();
            await using var registration = cancellationToken.Register(cancelled.SetResult);
            await cancelled.Task.OrFail();
            Log.Add("cancelled");
            throw new OperationCanceledException(cancellationToken);
        }

        protected override void Dispose(bool disposing)
        {
            if (!Log.Contains("disposed"))
            {
                Log.Add("disposed");
            }

            base.Dispose(disposing);
        }
    }
}
