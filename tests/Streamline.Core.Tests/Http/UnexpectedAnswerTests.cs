using System.Buffers;
using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Streamline.Protocols.Shared;
using Streamline.Testing;
using Streamline.TestSupport;

namespace Streamline.Tests.Http;

/// <summary>Answers that are no stream: of another type, compressed, empty, a redirect; and bodies of errors that are too long or never end.</summary>
public sealed class UnexpectedAnswerTests
{
    private const string Page = "<html><body>Sign in to the guest network</body></html>";

    public static TheoryData<string> All => Wires.All();

    public static TheoryData<string> OfText => Wires.OfText();

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Law", "5")]
    public async Task StreamAsync_ErrorInJsonWithStatus200_IsClassifiedLikeItsStatus(string wire)
    {
        var body = new ArrayBufferWriter<byte>();
        Wires.Named(wire).WriteErrorBody(new ProviderException(wire, (HttpStatusCode)529, "overloaded_error", "busy"), body);

        var error = await FailAsync(wire, ScriptedReply.Raw(body.WrittenMemory, "application/json"));

        var provider = error.Should().BeOfType<ProviderException>().Subject;
        provider.Code.Should().Be("overloaded_error");
        provider.IsRetryable.Should().BeTrue();
        provider.IsInBand.Should().BeTrue();
        provider.RequestId.Should().NotBeNull();
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task StreamAsync_AnswerThatIsNoStream_ShowsABoundedExcerpt(string wire)
    {
        var error = await FailAsync(wire, ScriptedReply.Raw("""{"id":"x","content":"all at once"}""" + new string(' ', 5) + new string('x', 50_000), "application/json"));

        var provider = error.Should().BeOfType<ProviderException>().Subject;
        provider.Code.Should().Be("unexpected_content_type");
        provider.IsRetryable.Should().BeFalse();
        provider.Message.Should().Contain("all at once").And.Contain("application/json");
        provider.Message.Length.Should().BeLessThan(1000);
    }

    [Theory]
    [MemberData(nameof(OfText))]
    public async Task StreamAsync_PageThatClaimsToBeAStream_IsAProviderExceptionWithAnExcerpt(string wire)
    {
        var error = await FailAsync(wire, ScriptedReply.Raw(Page));

        error.Should().BeOfType<ProviderException>().Which.Message.Should().Contain("guest network");
    }

    [Theory]
    [InlineData("bedrock")]
    [InlineData("bedrock-anthropic")]
    public async Task StreamAsync_PageInPlaceOfMessagesWithChecksums_IsAFaultOfTheFirstByte(string wire)
    {
        var error = await FailAsync(wire, ScriptedReply.Raw(Page));

        error.Should().BeOfType<StreamProtocolException>().Which.Should().BeEquivalentTo(new { Error = StreamProtocolError.InvalidFrame, ByteOffset = 0L });
    }

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Law", "4")]
    public async Task StreamAsync_EmptyBody_IsAnInterruption(string wire)
    {
        // Lines of JSON know no comments, and neither do messages with checksums.
        string[] bodies = ["", "\n\n", "dat", .. wire is "ollama" or "bedrock" or "bedrock-anthropic" ? [] : new[] { ": keep-alive\n\n" }];
        foreach (var body in bodies)
        {
            var error = await FailAsync(wire, ScriptedReply.Raw(body));
            error.Should().BeOfType<StreamInterruptedException>("of {0}", body).Which.BytesReceived.Should().Be(body.Length);
        }
    }

    [Theory]
    [InlineData("anthropic", HttpStatusCode.OK)]
    [InlineData("anthropic", HttpStatusCode.TooManyRequests)]
    [InlineData("openai", HttpStatusCode.OK)]
    [InlineData("openai", HttpStatusCode.TooManyRequests)]
    public async Task StreamAsync_CompressedAnswer_SaysSoAndShowsNoBytesOfIt(string wire, HttpStatusCode status)
    {
        var error = await FailAsync(wire, () => new HttpResponseMessage(status) { Content = Compressed("data: {}\n\n") });

        var provider = error.Should().BeOfType<ProviderException>().Subject;
        provider.StatusCode.Should().Be(status);
        provider.Message.Any(char.IsControl).Should().BeFalse();
        provider.Message.Should().NotContain("\uFFFD");
        if (status == HttpStatusCode.OK)
        {
            provider.Message.Should().Contain("gzip").And.Contain("AutomaticDecompression");
        }
    }

    public static TheoryData<string, bool, bool> Spoilt => new()
    {
        { "gzip", true, true }, { "gzip", true, false }, { "gzip", false, true }, { "gzip", false, false },
        { "br", true, true }, { "br", true, false }, { "br", false, true }, { "br", false, false },
    };

    [Theory]
    [MemberData(nameof(Spoilt))]
    [Trait("Law", "4")]
    public async Task StreamAsync_DecompressedBodyThatIsSpoilt_IsAnInterruptionAndHidesNoStatus(string encoding, bool isCut, bool isError)
    {
        // What a handler with AutomaticDecompression gives.
        var text = "event: ping\ndata: {\"type\":\"ping\"}\n\n" + string.Concat(Enumerable.Range(0, 2000).Select(i => $": {Convert.ToHexString(BitConverter.GetBytes(i * 7919))}\n"));
        var packed = Compress(encoding, text);
        byte[] spoilt = isCut ? packed[..(packed.Length / 2)] : [.. packed[..(packed.Length / 2)], .. new byte[2000].Select((_, i) => (byte)(i * 31)), .. packed[(packed.Length / 2)..]];
        var error = await FailAsync("anthropic", () =>
        {
            var content = new StreamContent(Decompress(encoding, spoilt));
            content.Headers.ContentType = new(isError ? "application/json" : "text/event-stream");
            return new HttpResponseMessage(isError ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK) { Content = content };
        });

        if (isError)
        {
            error.Should().BeOfType<ProviderException>().Which.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        }
        else
        {
            error.Should().BeOfType<StreamInterruptedException>();
        }
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task StreamAsync_CancelledByTheHttpClientItself_IsAnInterruption()
    {
        var error = await FailAsync("anthropic", () => throw new TaskCanceledException("Not by the caller."));

        error.Should().BeOfType<StreamInterruptedException>().Which.InnerException.Should().BeOfType<TaskCanceledException>();
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task StreamAsync_Redirect_IsAProviderExceptionWithItsStatus(string wire)
    {
        var reply = ScriptedReply.Raw("", "text/plain").WithHeader("location", "https://elsewhere.test/") with { StatusCode = HttpStatusCode.TemporaryRedirect };

        var error = await FailAsync(wire, reply);

        var provider = error.Should().BeOfType<ProviderException>().Subject;
        provider.StatusCode.Should().Be(HttpStatusCode.TemporaryRedirect);
        provider.IsRetryable.Should().BeFalse();
    }

    [Fact]
    [Trait("Law", "10")]
    [Trait("Finding", "R9")]
    public async Task AddStreamClient_Redirect_DoesNotCarryTheKeyElsewhere()
    {
        await using var elsewhere = await ScriptedProviderHost.StartAsync(new ScriptedProvider(ScriptedReply.Text("Give me your key.")));
        await using var host = await ScriptedProviderHost.StartAsync(new ScriptedProvider(
            ScriptedReply.Raw("", "text/plain").WithHeader("location", new Uri(elsewhere.BaseAddress, "v1/messages").ToString()) with { StatusCode = HttpStatusCode.TemporaryRedirect }));
        var services = new ServiceCollection();
        services.AddStreamClient("claude", Wires.Named("anthropic"), options => (options.ApiKey, options.Model, options.BaseAddress) = (Wires.Key, "m", host.BaseAddress));
        await using var provider = services.BuildServiceProvider();

        var (_, exception) = await provider.GetRequiredService<IStreamClient>().StreamAsync("Hi").CatchAsync();

        exception.Should().BeOfType<ProviderException>().Which.StatusCode.Should().Be(HttpStatusCode.TemporaryRedirect);
        elsewhere.Provider.Exchanges.Should().BeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Law", "10")]
    [Trait("Finding", "R9")]
    public async Task CreateClient_HandlerThatFollowsRedirectsToAnotherHost_SaysSoUnlessAllowed(bool isAllowed)
    {
        await using var elsewhere = await ScriptedProviderHost.StartAsync(new ScriptedProvider(ScriptedReply.Text("Thanks.")));
        await using var host = await ScriptedProviderHost.StartAsync(new ScriptedProvider(
            ScriptedReply.Raw("", "text/plain").WithHeader("location", new Uri(elsewhere.BaseAddress, "v1/messages").ToString()) with { StatusCode = HttpStatusCode.TemporaryRedirect }));
        using var http = new HttpClient();
        var client = Wires.Named("anthropic").CreateClient(
            http, new StreamClientOptions { ApiKey = Wires.Key, Model = "m", BaseAddress = host.BaseAddress, AllowOtherHost = isAllowed });

        var (_, exception) = await client.StreamAsync("Hi").CatchAsync();

        if (isAllowed)
        {
            exception.Should().BeNull();
            return;
        }

        var refused = exception.Should().BeOfType<ProviderException>().Subject;
        (refused.Code, refused.IsRetryable).Should().Be(("redirected", false));
        refused.Message.Should().Contain("AllowAutoRedirect").And.NotContain(Wires.Key);
    }

    [Theory]
    [InlineData("anthropic", HttpStatusCode.OK)]
    [InlineData("anthropic", HttpStatusCode.ServiceUnavailable)]
    [InlineData("openai", HttpStatusCode.OK)]
    [InlineData("openai", HttpStatusCode.ServiceUnavailable)]
    [Trait("Law", "8")]
    public async Task StreamAsync_EndlessErrorBody_IsReadToTheLimitAndLeft(string wire, HttpStatusCode status)
    {
        var body = new EndlessStream();

        var error = await FailAsync(wire, () => new HttpResponseMessage(status) { Content = Plain(body) }, options => options.MaxErrorBodyBytes = 1000);

        error.Should().BeOfType<ProviderException>().Which.Message.Should().Contain("xxx");
        body.BytesRead.Should().BeInRange(1000, 2 * 1024 * 1024);
        body.IsDisposed.Should().BeTrue();
    }

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Law", "8")]
    [Trait("Law", "12")]
    public async Task StreamAsync_StallingErrorBody_IsReportedWithWhatHasArrived(string wire)
    {
        var time = new ManualTimeProvider();
        await using var host = await ScriptedProviderHost.StartAsync(new ScriptedProvider(
            ScriptedReply.Raw("the first words and then never another", "text/plain") with
            {
                StatusCode = HttpStatusCode.ServiceUnavailable,
                Faults = new FaultPlan { StallAt = FaultPoint.AtByte(15) },
            }));
        var client = Wires.Named(wire).CreateClient(new HttpClient(), new StreamClientOptions
        {
            ApiKey = Wires.Key,
            Model = "m",
            BaseAddress = wire == "anthropic" ? host.BaseAddress : new Uri(host.BaseAddress, "v1"),
            ErrorBodyTimeout = TimeSpan.FromSeconds(3),
            TimeProvider = time,
        });

        var reading = client.StreamAsync("Hi").CatchAsync();
        await time.WaitForTimersAsync().OrFail();
        (await host.Provider.WaitForExchangeAsync(0).OrFail()).Should().NotBeNull();
        time.Advance(TimeSpan.FromSeconds(3));

        var (_, exception) = await reading.OrFail();
        var error = exception.Should().BeOfType<ProviderException>().Subject;
        error.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        error.IsRetryable.Should().BeTrue();
        (await host.Provider.Exchanges[0].Completion.OrFail()).Should().Be(ExchangeOutcome.ClientGone);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task StreamAsync_ErrorBodyThatBreaksOff_IsReportedWithWhatHasArrived(string wire)
    {
        var reply = ScriptedReply.Raw("the first words and then never another", "text/plain") with
        {
            StatusCode = HttpStatusCode.BadGateway,
            Faults = new FaultPlan { AbortAt = FaultPoint.AtByte(15) },
        };

        var error = await FailAsync(wire, reply);

        var provider = error.Should().BeOfType<ProviderException>().Subject;
        provider.StatusCode.Should().Be(HttpStatusCode.BadGateway);
        provider.ProviderMessage.Should().Be("the first words");
    }

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Law", "9")]
    public async Task StreamAsync_CancelledInAnErrorBody_CarriesTheCallersToken(string wire)
    {
        using var cancellation = new CancellationTokenSource();
        var provider = new ScriptedProvider(ScriptedReply.Raw("words", "text/plain") with
        {
            StatusCode = HttpStatusCode.BadGateway,
            Faults = new FaultPlan { StallAt = FaultPoint.AtByte(2) },
        });

        var reading = Wires.ClientOf(provider, wire).StreamAsync("Hi", cancellationToken: cancellation.Token).CatchAsync();
        await provider.WaitForExchangeAsync(0).OrFail();
        await cancellation.CancelAsync();

        var (_, exception) = await reading.OrFail();
        exception.Should().BeAssignableTo<OperationCanceledException>().Which.CancellationToken.Should().Be(cancellation.Token);
    }

    [Theory]
    [InlineData("anthropic")]
    [InlineData("openai")]
    [InlineData("gemini")]
    [InlineData("cohere")]
    [InlineData("gemini-interactions")]
    public async Task StreamAsync_EmptyKey_CountsAsNone(string wire)
    {
        var provider = new ScriptedProvider(ScriptedReply.Text("Hello."));

        var (_, exception) = await Wires.ClientOf(provider, wire, options => options.ApiKey = "").StreamAsync("Hi").CatchAsync();

        exception.Should().BeOfType<InvalidOperationException>().Which.Message.Should().Contain("ApiKey");
        provider.Exchanges.Should().BeEmpty();
    }

    private static async Task<Exception?> FailAsync(string wire, ScriptedReply reply) =>
        (await Wires.ClientOf(new ScriptedProvider(reply), wire).StreamAsync("Hi").CatchAsync()).Exception;

    private static async Task<Exception?> FailAsync(string wire, Func<HttpResponseMessage> answer, Action<StreamClientOptions>? configure = null)
    {
        var options = new StreamClientOptions { ApiKey = Wires.Key, Model = "m" };
        configure?.Invoke(options);
        using var http = new HttpClient(new AnsweringHandler(answer));
        return (await Wires.Named(wire).CreateClient(http, options).StreamAsync("Hi").CatchAsync()).Exception;
    }

    private static StreamContent Plain(Stream body)
    {
        var content = new StreamContent(body);
        content.Headers.ContentType = new("text/plain");
        return content;
    }

    private static byte[] Compress(string encoding, string text)
    {
        var output = new MemoryStream();
        using (Stream packing = encoding == "br" ? new BrotliStream(output, CompressionMode.Compress) : new GZipStream(output, CompressionMode.Compress))
        {
            packing.Write(Encoding.UTF8.GetBytes(text));
        }

        return output.ToArray();
    }

    private static Stream Decompress(string encoding, byte[] packed) => encoding == "br"
        ? new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress)
        : new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);

    private static ByteArrayContent Compressed(string text)
    {
        var content = new ByteArrayContent(Compress("gzip", text));
        content.Headers.ContentType = new("text/event-stream");
        content.Headers.ContentEncoding.Add("gzip");
        return content;
    }

    private sealed class AnsweringHandler(Func<HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer());
    }

    private sealed class EndlessStream : MemoryStream
    {
        public long BytesRead { get; private set; }

        public bool IsDisposed { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            buffer.Span.Fill((byte)'x');
            BytesRead += buffer.Length;
            return ValueTask.FromResult(buffer.Length);
        }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
