using System.Net;
using Streamline.Protocols;
using Streamline.Protocols.Shared;
using Streamline.Testing;
using Streamline.TestSupport;

namespace Streamline.Tests.Http;

/// <summary>Answers that fail, before and in the middle of the stream.</summary>
public sealed class HttpStreamClientFailureTests
{
    private const string Page = "<html><body><h1>502 Bad Gateway</h1> nginx </body></html>";

    public static TheoryData<string> All => Wires.All();

    public static TheoryData<string> OfText => Wires.OfText();

    [Theory]
    [MemberData(nameof(All))]
    public async Task StreamAsync_ErrorStatus_IsAProviderException(string wire)
    {
        var provider = new ScriptedProvider(ScriptedReply.Error(HttpStatusCode.TooManyRequests, "slow down", retryAfter: TimeSpan.FromSeconds(7)));

        var (events, exception) = await Wires.ClientOf(provider, wire).StreamAsync("Hi").CatchAsync();

        var error = exception.Should().BeOfType<ProviderException>().Subject;
        events.Should().BeEmpty();
        error.StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        error.RetryAfter.Should().Be(TimeSpan.FromSeconds(7));
        error.IsRetryable.Should().BeTrue();
        error.IsInBand.Should().BeFalse();
        error.RequestId.Should().NotBeNullOrEmpty();
        error.ProviderMessage.Should().Contain("slow down");
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task StreamAsync_HtmlErrorPage_IsAProviderExceptionWithAnExcerpt(string wire)
    {
        var provider = new ScriptedProvider(ScriptedReply.Raw(Page + new string('x', 200_000), "text/html") with { StatusCode = HttpStatusCode.BadGateway });

        var (_, exception) = await Wires.ClientOf(provider, wire).StreamAsync("Hi").CatchAsync();

        var error = exception.Should().BeOfType<ProviderException>().Subject;
        error.StatusCode.Should().Be(HttpStatusCode.BadGateway);
        error.Message.Should().Contain("Bad Gateway");
        error.Message.Length.Should().BeLessThan(2_000);
        error.IsRetryable.Should().BeTrue();
    }

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Law", "5")]
    public async Task StreamAsync_HtmlPageWithStatus200_IsAProviderException(string wire)
    {
        var provider = new ScriptedProvider(ScriptedReply.Raw(Page, "text/html"));

        var (_, exception) = await Wires.ClientOf(provider, wire).StreamAsync("Hi").CatchAsync();

        var error = exception.Should().BeOfType<ProviderException>().Subject;
        error.StatusCode.Should().Be(HttpStatusCode.OK);
        error.Message.Should().Contain("text/html").And.Contain(Wires.Named(wire).ContentType).And.Contain("Bad Gateway");
    }

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Law", "5")]
    public async Task StreamAsync_ErrorInsideTheStream_IsClassifiedLikeItsStatus(string wire)
    {
        var reply = ScriptedReply.Text("one two three four") with { Faults = new FaultPlan { ErrorAfterEvent = 4 } };

        var (events, exception) = await Wires.ClientOf(new ScriptedProvider(reply), wire).StreamAsync("Hi").CatchAsync();

        var error = exception.Should().BeOfType<ProviderException>().Subject;
        error.IsInBand.Should().BeTrue();
        error.IsRetryable.Should().BeTrue();
        error.PartialResponse!.Text.Should().NotBeEmpty().And.Be(string.Concat(events.OfType<TextDelta>().Select(delta => delta.Text)));
    }

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Law", "4")]
    public async Task StreamAsync_BodyEndsWithoutTerminalEvent_ThrowsWithThePartialMessage(string wire)
    {
        var reply = ScriptedReply.Text("one two three").ThenToolCall("get", """{"a":1}""") with { Faults = new FaultPlan { OmitTerminalEvent = true } };

        var (_, exception) = await Wires.ClientOf(new ScriptedProvider(reply), wire).StreamAsync("Hi").CatchAsync();

        var interrupted = exception.Should().BeOfType<StreamInterruptedException>().Subject;
        interrupted.BytesReceived.Should().BePositive();
        interrupted.PartialResponse!.Text.Should().Be("one two three");
        interrupted.PartialResponse.Messages.SelectMany(message => message.Contents)
            .Should().Contain(content => content is Microsoft.Extensions.AI.FunctionCallContent, "an open call does not vanish");
    }

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Law", "4")]
    public async Task StreamAsync_ConnectionBreaks_ThrowsWithThePartialMessage(string wire)
    {
        await using var host = await ScriptedProviderHost.StartAsync(new ScriptedProvider(
            ScriptedReply.Text("one two three four five") with { Faults = new FaultPlan { AbortAt = FaultPoint.AfterEvent(5) } }));
        var client = LoopbackClient(host, wire);

        var (events, exception) = await client.StreamAsync("Hi").CatchAsync();

        exception.Should().BeOfType<StreamInterruptedException>().Which.PartialResponse!.Text.Should().StartWith("one");
        events.OfType<TextDelta>().Should().NotBeEmpty();
    }

    [Theory]
    [MemberData(nameof(OfText))]
    public async Task StreamAsync_MalformedPayload_DeliversTheEventsBeforeItAndSaysWhere(string wire)
    {
        var good = ScriptedReply.Text("one two");
        var probe = new ScriptedProvider(good, good);
        var whole = await new HttpClient(probe.CreateHandler(Wires.Named(wire))).PostAsync(new Uri("http://localhost/v1/any"), new StringContent("{}"));
        var body = await whole.Content.ReadAsStringAsync();
        var bad = body.IndexOf("two", StringComparison.Ordinal);
        var broken = body.Insert(bad, "\u0001");

        var (events, exception) = await Wires.ClientOf(new ScriptedProvider(ScriptedReply.Raw(broken)), wire).StreamAsync("Hi").CatchAsync();

        var fault = exception.Should().BeOfType<StreamProtocolException>().Subject;
        fault.Error.Should().Be(StreamProtocolError.InvalidJson);
        fault.ByteOffset.Should().BeInRange(bad - 300, bad + 1);
        events.OfType<TextDelta>().Should().ContainSingle().Which.Text.Should().Contain("one");
        fault.PartialResponse!.Text.Should().Contain("one");
    }

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Law", "8")]
    public async Task StreamAsync_OversizedEvent_NamesTheLimit(string wire)
    {
        var provider = new ScriptedProvider(ScriptedReply.Text(new string('x', 5000)) with { FragmentLength = 5000 });

        var (_, exception) = await Wires.ClientOf(provider, wire, options => options.Read.MaxEventBytes = 1024).StreamAsync("Hi").CatchAsync();

        var limit = exception.Should().BeOfType<StreamLimitException>().Subject;
        limit.LimitName.Should().BeOneOf("MaxEventBytes", "MaxLineBytes");
        limit.Limit.Should().Be(1024);
        limit.Actual.Should().BeGreaterThan(1024);
    }

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Law", "8")]
    public async Task StreamAsync_OversizedArguments_NamesTheLimit(string wire)
    {
        var provider = new ScriptedProvider(ScriptedReply.ToolCall("get", $$"""{"text":"{{new string('x', 5000)}}"}"""));

        var (_, exception) = await Wires.ClientOf(provider, wire, options => options.Read.MaxArgumentBytes = 1024).StreamAsync("Hi").CatchAsync();

        var limit = exception.Should().BeOfType<StreamLimitException>().Subject;
        limit.LimitName.Should().Be("MaxArgumentBytes");
        limit.Limit.Should().Be(1024);
    }

    [Theory]
    [InlineData("anthropic")]
    [InlineData("openai")]
    [InlineData("openai-responses")]
    [InlineData("bedrock")]
    [Trait("Law", "8")]
    public async Task StreamAsync_ArgumentsAsDeepAsTheLimit_AreReadAndDeeperOnesNameIt(string wire)
    {
        var limit = StreamReadOptions.DefaultMaxArgumentDepth;
        var (events, exception) = await Wires.ClientOf(new ScriptedProvider(ScriptedReply.ToolCall("get", Nested(limit))), wire).StreamAsync("Hi").CatchAsync();

        exception.Should().BeNull();
        events.OfType<ToolCallCompleted>().Single().Arguments!.Value.GetRawText().Should().Be(Nested(limit));
        events.Select(e => StreamEventJson.Deserialize(StreamEventJson.Serialize(e))).ToLines().Should().Be(events.ToLines(), "events have a JSON form, however deep");

        (_, exception) = await Wires.ClientOf(new ScriptedProvider(ScriptedReply.ToolCall("get", Nested(limit + 1))), wire).StreamAsync("Hi").CatchAsync();
        exception.Should().BeOfType<StreamLimitException>().Which.LimitName.Should().Be("MaxArgumentDepth");

        static string Nested(int depth) => $"{{\"a\":{new string('[', depth - 1)}{new string(']', depth - 1)}}}";
    }

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Law", "8")]
    public async Task StreamAsync_OversizedResponse_NamesTheLimit(string wire)
    {
        var provider = new ScriptedProvider(ScriptedReply.Text(string.Join(' ', Enumerable.Repeat("word", 5000))));

        var (_, exception) = await Wires.ClientOf(provider, wire, options => options.Read.MaxResponseBytes = 10_000).StreamAsync("Hi").CatchAsync();

        exception.Should().BeOfType<StreamLimitException>().Which.LimitName.Should().Be("MaxResponseBytes");
    }

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Law", "10")]
    public async Task StreamAsync_AnyFailure_DoesNotTellTheKey(string wire)
    {
        ScriptedReply[] replies =
        [
            ScriptedReply.Error(HttpStatusCode.Unauthorized, "bad key"),
            ScriptedReply.Text("one two") with { Faults = new FaultPlan { EndAt = FaultPoint.AtByte(50) } },
            ScriptedReply.Text("one two") with { Faults = new FaultPlan { AbortAt = FaultPoint.BeforeHead } },
            ScriptedReply.Raw(Page, "text/html"),
            ScriptedReply.Text("one two") with { Faults = new FaultPlan { GarbageAt = FaultPoint.AtByte(90), EndAt = FaultPoint.AtByte(120) } },
        ];
        foreach (var reply in replies)
        {
            var (_, exception) = await Wires.ClientOf(new ScriptedProvider(reply), wire).StreamAsync("Hi").CatchAsync();

            exception.Should().NotBeNull();
            exception!.ToString().Should().NotContain(Wires.Key);
        }
    }

    private static IStreamClient LoopbackClient(ScriptedProviderHost host, string wire) => Wires.Named(wire).CreateClient(
        new HttpClient(),
        new StreamClientOptions { ApiKey = Wires.Key, Model = "m", BaseAddress = Wires.BaseAddressOn(host.BaseAddress, wire) });
}
