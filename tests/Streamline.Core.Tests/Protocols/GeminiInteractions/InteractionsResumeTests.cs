using Microsoft.Extensions.AI;
using Streamline.TestSupport;
using static Streamline.Tests.Protocols.GeminiInteractions.InteractionsEvents;

namespace Streamline.Tests.Protocols.GeminiInteractions;

/// <summary>A stream that breaks is resumed exactly where it broke: with the rest of it, the events are those of a stream that never broke.</summary>
[Trait("Law", "6")]
public sealed class InteractionsResumeTests
{
    private static readonly string[] Payloads =
    [
        Created,
        """{"interaction_id":"v1_a","status":"in_progress","event_type":"interaction.status_update"}""",
        Start(0, """{"type":"thought"}"""),
        Delta(0, """{"content":{"text":"Grüße","type":"text"},"type":"thought_summary"}"""),
        Delta(0, """{"signature":"s","type":"thought_signature"}"""),
        Stop(0),
        Start(1, """{"type":"model_output"}"""),
        Words(1, "2 + 2"),
        Words(1, " = "),
        Words(1, "4"),
        Stop(1),
        Start(2, """{"id":"c","type":"function_call","name":"f","arguments":{}}"""),
        Arguments(2, "{\"a\":\""),
        Arguments(2, "xyz"),
        Arguments(2, "\"}"),
        Stop(2),
        """{"interaction":{"id":"v1_a","status":"requires_action","usage":{"total_input_tokens":1,"total_output_tokens":2}},"event_type":"interaction.completed"}""",
    ];

    public enum Ids
    {
        OnAll,
        OnEveryThird,
        OnNone,
    }

    [Theory]
    [InlineData(Ids.OnAll, true, 1)]
    [InlineData(Ids.OnAll, false, 11)]
    [InlineData(Ids.OnEveryThird, true, 11)]
    [InlineData(Ids.OnEveryThird, false, 1)]
    [InlineData(Ids.OnNone, true, 11)]
    [InlineData(Ids.OnNone, false, 11)]
    public async Task Stream_CutAnywhere_GivesTheEventsOfAnUnbrokenOne(Ids ids, bool breaks, int step)
    {
        var interaction = new KeptInteraction(WithIds(ids));
        var client = ClientOf(new HttpClient(new KeptInteractionHandler(interaction, breaks)), address: null);
        var unbroken = (await StreamAsync(client)).ToLines();

        for (var length = 0; length < interaction.Length; length += step)
        {
            interaction.CutAt(length);
            await VerifyAsync(client, unbroken, interaction, $"cut after {length} bytes");
        }
    }

    [Fact]
    public async Task Stream_CutAgainAndAgain_GivesTheEventsOfAnUnbrokenOne()
    {
        foreach (var ids in Enum.GetValues<Ids>())
        {
            var interaction = new KeptInteraction(WithIds(ids));
            var client = ClientOf(new HttpClient(new KeptInteractionHandler(interaction, breaks: true)), address: null);
            var unbroken = (await StreamAsync(client)).ToLines();
            for (var step = 150; step < 700; step += 13)
            {
                interaction.CutAt([.. Enumerable.Range(1, 20).Select(cut => ids == Ids.OnNone ? cut * step : step)]);
                await VerifyAsync(client, unbroken, interaction, $"cut after every {step} bytes, ids {ids}");
            }
        }
    }

    [Fact]
    public async Task Stream_CutAtEveryByteOverASocket_GivesTheEventsOfAnUnbrokenOne()
    {
        var interaction = new KeptInteraction(WithIds(Ids.OnEveryThird));
        await using var server = new KeptInteractionServer(interaction);
        using var http = new HttpClient();
        var client = ClientOf(http, server.Address);
        var unbroken = (await StreamAsync(client)).ToLines();

        for (var length = 0; length < interaction.Length; length++)
        {
            interaction.CutAt(length);
            await VerifyAsync(client, unbroken, interaction, $"cut after {length} bytes");
        }
    }

    [Fact]
    public async Task Stream_CutWithinTheArgumentsOfACall_AsksForWhatFollowsTheLastEvent()
    {
        var interaction = new KeptInteraction(WithIds(Ids.OnAll));
        var client = ClientOf(new HttpClient(new KeptInteractionHandler(interaction, breaks: true)), address: null);
        interaction.CutAt(Body(WithIds(Ids.OnAll).Take(13)).Length);

        var events = await client.StreamAsync(Request()).CollectAsync();

        interaction.Requests.Should().Equal("POST /v1beta/interactions", "GET /v1beta/interactions/v1_a?stream=true&last_event_id=e12");
        events.OfType<StreamRestarted>().Should().BeEmpty();
        var resumed = events.OfType<StreamResumed>().Should().ContainSingle().Subject;
        resumed.Should().BeEquivalentTo(new { Attempt = 2, Reason = "the connection broke" });
        events[events.IndexOf(resumed) + 1].Should().BeOfType<ToolInputDelta>().Which.Fragment.Should().Be("xyz");
        events.OfType<ToolCallCompleted>().Should().ContainSingle().Which.Arguments!.Value.GetRawText().Should().Be("""{"a":"xyz"}""");
    }

    [Fact]
    public async Task Stream_ProviderThatRefusesTheRest_EndsWithWhatBroke()
    {
        var provider = new Streamline.Testing.ScriptedProvider(
            Streamline.Testing.ScriptedReply.Error(System.Net.HttpStatusCode.NotFound, "no such interaction"));
        var first = new KeptInteraction(WithIds(Ids.OnAll));
        first.CutAt(Body(WithIds(Ids.OnAll).Take(8)).Length);
        var handler = new FirstThen(new KeptInteractionHandler(first, breaks: false), provider.CreateHandler());

        var (_, exception) = await ClientOf(new HttpClient(handler), address: null).StreamAsync(Request()).CatchAsync();

        var broken = exception.Should().BeOfType<StreamInterruptedException>().Subject;
        broken.PartialResponse!.Text.Should().Be("2 + 2");
        broken.PartialResponse.ContinuationToken.Should().NotBeNull();
        broken.Attempts.Should().Be(2);
    }

    [Fact]
    public async Task Stream_ReplayOfOtherEvents_IsNotTakenForTheRest()
    {
        var other = Payloads.Select(payload => payload.Replace("\" = \"", "\" is \"", StringComparison.Ordinal)).ToArray();
        var first = new KeptInteraction(Payloads);
        first.CutAt(Body(Payloads.Take(9)).Length);
        var handler = new FirstThen(new KeptInteractionHandler(first, breaks: false), new KeptInteractionHandler(new KeptInteraction(other), breaks: false));

        var (events, exception) = await ClientOf(new HttpClient(handler), address: null).StreamAsync(Request()).CatchAsync();

        exception.Should().BeOfType<StreamInterruptedException>();
        Fold(events).Text.Should().Be("2 + 2 = ");
    }

    [Fact]
    public async Task Stream_TokenInAnotherProcess_BringsTheRestAndTheWholeCall()
    {
        foreach (var ids in Enum.GetValues<Ids>())
        {
            var payloads = WithIds(ids);
            for (var count = 2; count < payloads.Length; count++)
            {
                var interaction = new KeptInteraction(payloads);
                interaction.CutAt(Body(payloads.Take(count)).Length);
                var http = new HttpClient(new KeptInteractionHandler(interaction, breaks: true));
                var client = StreamProtocols.GeminiInteractions.CreateClient(http, "key", "g");
                var (first, exception) = await client.StreamAsync(Request()).CatchAsync();
                PartialResponse.TryGet(exception!, out var partial).Should().BeTrue();
                var token = ResponseContinuationToken.FromBytes(partial!.ContinuationToken!.ToBytes());

                var rest = await client.StreamAsync(Request(token)).CollectAsync();

                string.Concat(first.Concat(rest).OfType<TextDelta>().Select(delta => delta.Text)).Should().Be("2 + 2 = 4", "the stream was left after event {0}, ids {1}", count, ids);
                first.Concat(rest).OfType<ToolCallCompleted>().Should().ContainSingle().Which.Arguments!.Value.GetRawText().Should().Be("""{"a":"xyz"}""");
                first.Concat(rest).OfType<ContentCompleted>().Where(completed => completed.Kind == ContentKind.Reasoning).Select(completed => completed.Signature).Should().Contain("s");
                rest[0].Should().BeOfType<ResponseStarted>().Which.ResponseId.Should().Be("v1_a");
                rest[^1].Should().BeOfType<ResponseCompleted>().Which.FinishReason.Should().Be(FinishReason.ToolCalls);
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("{}")]
    [InlineData("""{"responseId":"resp_1"}""")]
    public async Task Stream_TokenOfSomethingElse_IsRefusedAndNothingIsSent(string token)
    {
        var interaction = new KeptInteraction(Payloads);
        var client = StreamProtocols.GeminiInteractions.CreateClient(new HttpClient(new KeptInteractionHandler(interaction, breaks: false)), "key", "g");

        var (_, exception) = await client.StreamAsync(Request(ResponseContinuationToken.FromBytes(System.Text.Encoding.UTF8.GetBytes(token)))).CatchAsync();

        exception.Should().BeOfType<ArgumentException>();
        interaction.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task Stream_InteractionThatIsNotKept_HasNoToken()
    {
        var (_, cut) = await WireRun.ReadAsync(StreamProtocols.GeminiInteractions, Body(Created, Words(0, "Hi")));
        var (_, unnamed) = await WireRun.ReadAsync(StreamProtocols.GeminiInteractions, Body(WithId(Created.Replace("v1_a", ""), "e0"), WithId(Words(0, "Hi"), "e1")));
        var (_, failed) = await WireRun.ReadAsync(
            StreamProtocols.GeminiInteractions, Body(WithId(Created, "e0"), """{"interaction":{"id":"v1_a","status":"failed"},"event_id":"e1","event_type":"interaction.completed"}"""));

        foreach (var exception in new[] { cut, unnamed, failed })
        {
            (PartialResponse.TryGet(exception!, out var partial) ? partial.ContinuationToken : null).Should().BeNull();
        }
    }

    private static async Task<List<StreamEvent>> StreamAsync(IStreamClient client) =>
        [.. (await client.StreamAsync(Request()).CollectAsync()).Where(streamEvent => streamEvent is not (StreamResumed or RetryScheduled))];

    private static async Task VerifyAsync(IStreamClient client, string unbroken, KeptInteraction interaction, string what)
    {
        var lines = (await StreamAsync(client)).ToLines();
        (lines == unbroken).Should().BeTrue("{0}: the requests were\n{1}\nand the events\n{2}", what, string.Join('\n', interaction.Requests), lines);
    }

    private static IStreamClient ClientOf(HttpClient http, Uri? address) =>
        new StreamClientBuilder(StreamProtocols.GeminiInteractions.CreateClient(http, new StreamClientOptions { ApiKey = "key", Model = "g", BaseAddress = address }))
            .UseRetry(retry => (retry.BaseDelay, retry.MaxAttempts) = (TimeSpan.Zero, 30)).UseTimeouts().UseBackpressure().Build();

    private static StreamRequest Request(ResponseContinuationToken? token = null) => new()
    {
        Messages = [new ChatMessage(ChatRole.User, "Hi")],
        Options = new ChatOptions { AllowBackgroundResponses = true, ContinuationToken = token },
    };

    private static string[] WithIds(Ids ids) => ids == Ids.OnNone ? Payloads
        : [.. Payloads.Select((payload, index) => ids == Ids.OnAll || index % 3 == 2 ? WithId(payload, $"e{index}") : payload)];

    private static StreamState Fold(IEnumerable<StreamEvent> events) => new StreamState().ApplyAll([.. events]);

    /// <summary>Gives the first request to one handler and the others to another one.</summary>
    private sealed class FirstThen(HttpMessageHandler first, HttpMessageHandler then) : HttpMessageHandler
    {
        private readonly HttpMessageInvoker _first = new(first);
        private readonly HttpMessageInvoker _then = new(then);
        private int _requests;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            (Interlocked.Increment(ref _requests) == 1 ? _first : _then).SendAsync(request, cancellationToken);
    }
}
