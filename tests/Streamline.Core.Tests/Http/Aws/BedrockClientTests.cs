using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Streamline.Aws;
using Streamline.Protocols.Shared;
using Streamline.Testing;
using Streamline.TestSupport;

namespace Streamline.Tests.Http.Aws;

/// <summary>How a client of Bedrock is set up, and what it then sends.</summary>
public sealed class BedrockClientTests
{
    private static readonly AwsCredentials Credentials = new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "session-token");

    public static TheoryData<string> Both => ["bedrock", "bedrock-anthropic"];

    [Theory]
    [MemberData(nameof(Both))]
    [Trait("Law", "12")]
    public async Task StreamAsync_Credentials_SignEachRequestWithItsTime(string wire)
    {
        var time = new ManualTimeProvider();
        time.Advance(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)) - time.GetUtcNow());
        using var recorder = new RequestRecorder(Hello(2));
        var client = Client(wire, recorder, new StreamClientOptions { TimeProvider = time }.UseBedrock("eu-central-1", _ => ValueTask.FromResult(Credentials)));

        await client.StreamAsync("Hi").CollectAsync();
        time.Advance(TimeSpan.FromDays(1));
        await client.StreamAsync("Hi").CollectAsync();

        recorder.Requests.Select(request => request.Headers.GetValues("x-amz-date").Single()).Should().Equal("20260102T010405Z", "20260103T010405Z");
        var first = recorder.Requests[0];
        first.RequestUri!.Host.Should().Be("bedrock-runtime.eu-central-1.amazonaws.com");
        first.Headers.GetValues("x-amz-security-token").Should().Equal("session-token");
        first.Headers.GetValues("Authorization").Single().Should().StartWith(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/eu-central-1/bedrock/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, Signature=");
        recorder.Requests.Select(request => request.Headers.GetValues("Authorization").Single()).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task StreamAsync_SignedRequest_IsWhatIsSentInItsWholeAndInPlaceOfAKey()
    {
        using var recorder = new RequestRecorder(Hello(1));
        var options = new StreamClientOptions { ApiKey = "key" }.UseBedrock("us-east-1", _ => ValueTask.FromResult(Credentials));
        await Client("bedrock", recorder, options).StreamAsync("Hi").CollectAsync();

        // Signing what was sent gives what was sent.
        var sent = recorder.Requests[0];
        var time = sent.Headers.GetValues("x-amz-date").Single();
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["content-type"] = "application/json",
            ["host"] = sent.RequestUri!.Host,
            ["x-amz-date"] = time,
            ["x-amz-security-token"] = "session-token",
        };
        sent.Headers.GetValues("Authorization").Should().Equal(
            new AwsSignature(Credentials, "us-east-1", "bedrock").Sign("POST", sent.RequestUri, headers, recorder.Bodies[0]));
    }

    [Fact]
    public async Task StreamAsync_DefaultHeadersOfTheHttpClient_AreSignedAsTheyAreSent()
    {
        using var recorder = new RequestRecorder(Hello(1));
        using var http = new HttpClient(recorder, disposeHandler: false);
        http.DefaultRequestHeaders.Host = "vpce.test";
        http.DefaultRequestHeaders.Add("X-Amz-Tag", ["one", "two"]);
        http.DefaultRequestHeaders.Add("x-amz-date", "never");
        http.DefaultRequestHeaders.Add("x-other", "unsigned");
        var options = new StreamClientOptions { Model = "m" }.UseBedrock("us-east-1", _ => ValueTask.FromResult(Credentials));

        await Wires.Named("bedrock").CreateClient(http, options).StreamAsync("Hi").CollectAsync();

        var sent = recorder.Requests[0];
        sent.Headers.GetValues("x-other").Should().Equal("unsigned");
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["content-type"] = "application/json",
            ["host"] = "vpce.test",
            ["x-amz-date"] = sent.Headers.GetValues("x-amz-date").Single(),
            ["x-amz-security-token"] = "session-token",
            ["x-amz-tag"] = sent.Headers.NonValidated["x-amz-tag"].ToString(),
        };
        headers["x-amz-tag"].Should().Be("one, two");
        sent.Headers.GetValues("Authorization").Should().Equal(
            new AwsSignature(Credentials, "us-east-1", "bedrock").Sign("POST", sent.RequestUri!, headers, recorder.Bodies[0]));
    }

    [Fact]
    public async Task StreamAsync_RetriedRequest_AsksForCredentialsAgain()
    {
        var asked = 0;
        var provider = new ScriptedProvider(
            ScriptedReply.Error(System.Net.HttpStatusCode.TooManyRequests, "slow down", retryAfter: TimeSpan.Zero), ScriptedReply.Text("Hello."));
        using var recorder = new RequestRecorder(provider);
        var options = new StreamClientOptions().UseBedrock("us-east-1", _ => ValueTask.FromResult(new AwsCredentials("AKID" + ++asked, "secret")));
        var client = new StreamClientBuilder(Client("bedrock", recorder, options)).UseRetry(retry => retry.BaseDelay = TimeSpan.Zero).Build();

        await client.StreamAsync("Hi").CollectAsync();

        recorder.Requests.Select(request => request.Headers.GetValues("Authorization").Single().Split('/')[0]).Should().Equal(
            "AWS4-HMAC-SHA256 Credential=AKID1", "AWS4-HMAC-SHA256 Credential=AKID2");
    }

    [Fact]
    public async Task StreamAsync_ApiKey_IsABearer()
    {
        using var recorder = new RequestRecorder(Hello(1));

        await Client("bedrock", recorder, new StreamClientOptions { ApiKey = "bedrock-api-key" }.UseBedrock("us-west-2")).StreamAsync("Hi").CollectAsync();

        recorder.Requests[0].RequestUri!.Host.Should().Be("bedrock-runtime.us-west-2.amazonaws.com");
        recorder.Requests[0].Headers.GetValues("Authorization").Should().Equal("Bearer bedrock-api-key");
        recorder.Requests[0].Headers.Contains("x-amz-date").Should().BeFalse();
    }

    [Fact]
    public async Task StreamAsync_CredentialsThatFail_SendNothing()
    {
        var provider = Hello(1);
        using var recorder = new RequestRecorder(provider);
        var failing = Client("bedrock", recorder, new StreamClientOptions().UseBedrock("us-east-1", _ => throw new NotSupportedException("No role.")));
        var none = Client("bedrock", recorder, new StreamClientOptions().UseBedrock("us-east-1", _ => ValueTask.FromResult<AwsCredentials>(null!)));

        (await failing.StreamAsync("Hi").CatchAsync()).Exception.Should().BeOfType<NotSupportedException>();
        (await none.StreamAsync("Hi").CatchAsync()).Exception.Should().BeOfType<InvalidOperationException>().Which.Message.Should().Contain("Nothing was sent");
        provider.Exchanges.Should().BeEmpty();
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task StreamAsync_CancelledWhileCredentialsAreFetched_CarriesTheCallersToken()
    {
        using var leaving = new CancellationTokenSource();
        using var recorder = new RequestRecorder(Hello(1));
        var client = Client("bedrock", recorder, new StreamClientOptions().UseBedrock("us-east-1", async token =>
        {
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(token);
            await leaving.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, linked.Token);
            return Credentials;
        }));

        var (_, exception) = await client.StreamAsync("Hi", cancellationToken: leaving.Token).CatchAsync();

        exception.Should().BeAssignableTo<OperationCanceledException>().Which.CancellationToken.Should().Be(leaving.Token);
    }

    [Theory]
    [InlineData("eu-central-1", "https://bedrock-runtime.eu-central-1.amazonaws.com/")]
    [InlineData("cn-north-1", "https://bedrock-runtime.cn-north-1.amazonaws.com.cn/")]
    public void UseBedrock_Region_GivesItsAddress(string region, string address) =>
        new StreamClientOptions().UseBedrock(region).BaseAddress.Should().Be(new Uri(address));

    [Fact]
    public void UseBedrock_AddressThatIsSet_Stays() =>
        new StreamClientOptions { BaseAddress = new Uri("https://vpce.test/") }.UseBedrock("eu-central-1").BaseAddress.Should().Be(new Uri("https://vpce.test/"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("evil.test/x")]
    [InlineData("EU-central-1")]
    public void UseBedrock_WhatIsNoRegion_Throws(string? region)
    {
        var use = () => new StreamClientOptions().UseBedrock(region!);
        var sign = () => new StreamClientOptions().UseBedrock(region!, _ => ValueTask.FromResult(Credentials));

        use.Should().Throw<ArgumentException>();
        sign.Should().Throw<ArgumentException>();
    }

    [Fact]
    public async Task AddStreamClient_Bedrock_SignsThroughTheFactorysHandlers()
    {
        using var recorder = new RequestRecorder(Hello(1));
        var services = new ServiceCollection();
        services.AddStreamClient("bedrock", StreamProtocols.BedrockConverse, options =>
        {
            options.Model = "anthropic.claude-v1:0";
            options.UseBedrock("us-east-1", _ => ValueTask.FromResult(Credentials));
        }, http => http.ConfigurePrimaryHttpMessageHandler(() => recorder));
        await using var provider = services.BuildServiceProvider();

        var events = await provider.GetRequiredService<IStreamClient>().StreamAsync("Hi").CollectAsync();

        string.Concat(events.OfType<TextDelta>().Select(delta => delta.Text)).Should().Be("Hello.");
        recorder.Requests[0].RequestUri!.AbsolutePath.Should().Be("/model/anthropic.claude-v1%3A0/converse-stream");
        recorder.Requests[0].Headers.GetValues("Authorization").Single().Should().StartWith("AWS4-HMAC-SHA256 ");
    }

    [Theory]
    [InlineData("bedrock", "arn:aws:bedrock:us-east-1:1:inference-profile/a.b-v1:0", "model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fa.b-v1%3A0/converse-stream")]
    [InlineData("bedrock-anthropic", "anthropic.claude-v1:0", "model/anthropic.claude-v1%3A0/invoke-with-response-stream")]
    public void GetRequestPath_Model_IsOneSegment(string wire, string model, string expected) =>
        Wires.Named(wire).GetRequestPath(new StreamRequest { Messages = [], Options = new ChatOptions { ModelId = model } }, default).Should().Be(expected);

    private static ScriptedProvider Hello(int count) => new([.. Enumerable.Repeat(ScriptedReply.Text("Hello."), count)]);

    private static IStreamClient Client(string wire, RequestRecorder recorder, StreamClientOptions options)
    {
        options.Model ??= "test-model";
        return Wires.Named(wire).CreateClient(new HttpClient(recorder, disposeHandler: false), options);
    }

    /// <summary>Keeps requests as they are sent; the scripted provider itself hides what is secret in them.</summary>
    private sealed class RequestRecorder(ScriptedProvider provider) : DelegatingHandler(provider.CreateHandler())
    {
        public List<HttpRequestMessage> Requests { get; } = [];

        public List<byte[]> Bodies { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Bodies.Add(await request.Content!.ReadAsByteArrayAsync(cancellationToken));
            Requests.Add(request);
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
