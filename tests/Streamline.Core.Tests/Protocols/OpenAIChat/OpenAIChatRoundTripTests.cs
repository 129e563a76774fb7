using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Streamline.Protocols;
using Streamline.Protocols.OpenAIChat;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols.OpenAIChat;

public sealed class OpenAIChatRoundTripTests
{
    private static readonly string[] Pieces =
        ["a", " ", "\"", "\\", "\n", "\u0001", "é", "😀", "\u2028", "{", "}", "{\"x\":", "1", ",", "data: ", "[DONE]", "\\u12", "�", "中"];

    internal static Gen<OpenAIChatStep> Steps =>
        from kind in Gen.Elements(Enum.GetValues<OpenAIChatStepKind>())
        from choice in Gen.Frequency((5, Gen.Constant(0)), (1, Gen.Constant(1)))
        from pieces in Gen.Elements(Pieces).NonEmptyListOf()
        select new OpenAIChatStep(kind, choice, string.Concat(pieces.Take(5)));

    [Fact]
    public void Decode_OfEncode_GivesTheSameEvents()
    {
        var sequences = from steps in Steps.ListOf() from variant in Gen.Choose(0, 59) select (Steps: steps, Variant: variant);
        var property = Prop.ForAll(sequences.ToArbitrary(), sequence =>
        {
            var events = OpenAIChatCanonicalSequence.Build([.. sequence.Steps], sequence.Variant);
            var decoded = Decode(OpenAIChatWire.Encode(events));
            decoded.ToLines().Should().Be(events.ToLines());
        });

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(600).WithEndSize(60).WithReplay(20, 27), property);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    public async Task Encode_OfARecordedToolRound_IsReadTheSameInEveryChunking(int pieces)
    {
        var steps = Enumerable.Range(0, pieces).SelectMany(i => new[]
        {
            new OpenAIChatStep(OpenAIChatStepKind.Text, 0, "Grüße 😀"),
            new OpenAIChatStep(OpenAIChatStepKind.Call, 0, $"tool{i}"),
            new OpenAIChatStep(OpenAIChatStepKind.Arguments, 0, "{\"city\":\"Zü"),
            new OpenAIChatStep(OpenAIChatStepKind.Arguments, 0, "rich\"}"),
        }).ToList();
        var events = OpenAIChatCanonicalSequence.Build(steps, variant: 2);

        var decoded = await OpenAIChatWire.DecodeAllWaysAsync(OpenAIChatWire.Encode(events));

        decoded.ToLines().Should().Be(events.ToLines());
    }

    [Fact]
    public void Encode_Answer_IsTheExactWire()
    {
        var events = new StreamEvent[]
        {
            new ResponseStarted { Provider = "openai", ResponseId = "c1", Model = "m" },
            new ContentStarted { Index = 0, Kind = ContentKind.Text },
            new TextDelta { Index = 0, Text = "Hi" },
            new ContentCompleted { Index = 0, Kind = ContentKind.Text },
            new ToolCallStarted { Index = 1, CallId = "k1", Name = "f" },
            new ToolInputDelta { Index = 1, CallId = "k1", Fragment = "{}" },
            new ToolCallCompleted { Index = 1, CallId = "k1", Name = "f", ArgumentsText = "{}" },
            new UsageUpdated { Usage = new TokenUsage { InputTokens = 4, OutputTokens = 1, TotalTokens = 5, ReasoningTokens = 0 } },
            new ResponseCompleted { FinishReason = FinishReason.ToolCalls, RawFinishReason = "tool_calls" },
        };
        const string Head = """{"id":"c1","object":"chat.completion.chunk","created":0,"model":"m","choices":[""";

        OpenAIChatWire.Encode(events).Should().Be(OpenAIChatWire.Stream(
            Head + """{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""",
            Head + """{"index":0,"delta":{"content":"Hi"},"finish_reason":null}]}""",
            Head + """{"index":0,"delta":{"tool_calls":[{"index":0,"id":"k1","type":"function","function":{"name":"f","arguments":""}}]},"finish_reason":null}]}""",
            Head + """{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]},"finish_reason":null}]}""",
            Head + """{"index":0,"delta":{},"finish_reason":"tool_calls"}]}""",
            Head + """],"usage":{"prompt_tokens":4,"completion_tokens":1,"total_tokens":5,"completion_tokens_details":{"reasoning_tokens":0}}}""",
            "[DONE]"));
    }

    [Fact]
    public void Encode_AnswerOfAnotherWire_UsesTheWordsOfThisOne()
    {
        var wire = OpenAIChatWire.Encode(
        [
            new ResponseStarted { Provider = "anthropic", ResponseId = "msg", Model = "claude" },
            new ContentStarted { Index = 0, Kind = ContentKind.Reasoning },
            new ReasoningDelta { Index = 0, Text = "hm" },
            new ContentCompleted { Index = 0, Kind = ContentKind.Reasoning, Signature = "sig" },
            new ToolCallStarted { Index = 1, CallId = "s", Name = "web_search", IsProviderExecuted = true },
            new ToolInputDelta { Index = 1, CallId = "s", Fragment = "{}" },
            new ToolCallCompleted { Index = 1, CallId = "s", Name = "web_search", ArgumentsText = "{}", IsProviderExecuted = true },
            new ContentStarted { Index = 2, Kind = ContentKind.ServerToolResult },
            new ContentCompleted { Index = 2, Kind = ContentKind.ServerToolResult, Raw = JsonElement.Parse("{}") },
            new ProviderEvent { Name = "novel", Data = "{}" },
            new ProviderMetadata { Name = "container", Value = JsonElement.Parse("1") },
            new ToolResult { CallId = "x", Name = "y", Result = JsonElement.Parse("1") },
            new ResponseCompleted { FinishReason = FinishReason.Stop, RawFinishReason = "end_turn", Usage = new TokenUsage { InputTokens = 1, OutputTokens = 2 } },
        ]);

        wire.Should().NotContainAny("web_search", "novel", "container", "end_turn");
        var events = Decode(wire);
        events.OfType<ContentCompleted>().Single().Signature.Should().Be("sig");
        var completed = events.OfType<ResponseCompleted>().Single();
        (completed.FinishReason, completed.RawFinishReason, completed.Usage!.TotalTokens).Should().Be((FinishReason.Stop, "stop", 3L));
    }

    [Fact]
    public void Encode_DeltaOfABlockThatIsNotOpen_Throws()
    {
        var encoder = StreamProtocols.OpenAIChat.CreateEncoder();
        var output = new ArrayBufferWriter<byte>();
        var beforeStart = () => encoder.Encode(new ContentStarted { Index = 0, Kind = ContentKind.Text }, output);
        beforeStart();
        encoder.Invoking(e => e.Encode(new TextDelta { Index = 0, Text = "x" }, output)).Should().Throw<InvalidOperationException>();
        encoder.Encode(new ResponseStarted { Provider = "openai" }, output);
        encoder.Invoking(e => e.Encode(new TextDelta { Index = 5, Text = "x" }, output)).Should().Throw<InvalidOperationException>().WithMessage("*block 5*");
    }

    [Fact]
    public void Encode_KeepAlive_IsAComment() => OpenAIChatWire.Encode([new KeepAlive()]).Should().StartWith(":").And.EndWith("\n\n");

    public static TheoryData<int?, string?, string?, bool, double?> Errors => new()
    {
        { 503, "provider_overloaded", "Busy", true, null },
        { 429, "rate_limit_exceeded", "Slow down", true, 2.5 },
        { 429, "insufficient_quota", "Pay", false, null },
        { 529, "overloaded_error", "Busy", true, null },
        { 400, "invalid_request_error", "No", false, null },
        { 418, "novel", "Teapot", false, null },
        { 502, null, "Gone", true, null },
        { null, "novel", "?", false, null },
        { null, "novel", "?", true, 1 },
        { null, null, "?", false, null },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    [Trait("Law", "5")]
    public async Task EncodeError_ReadBack_IsTheSameError(int? status, string? code, string? message, bool isRetryable, double? retryAfter)
    {
        var error = new ProviderException("openai", (HttpStatusCode?)status, code, message)
        {
            IsRetryable = isRetryable,
            RetryAfter = retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
        var output = new ArrayBufferWriter<byte>();
        StreamProtocols.OpenAIChat.CreateEncoder().EncodeError(error, output);

        var (_, exception) = await OpenAIChatWire.DecodeAsync(output.WrittenMemory);

        exception.Should().BeOfType<ProviderException>().Which.Should().BeEquivalentTo(
            new { error.StatusCode, Code = CodeOf(error), error.ProviderMessage, error.IsRetryable, error.RetryAfter, IsInBand = true, Provider = "openai" });
    }

    [Theory]
    [MemberData(nameof(Errors))]
    public void WriteErrorBody_ReadBack_IsTheSameError(int? status, string? code, string? message, bool isRetryable, double? retryAfter)
    {
        _ = (isRetryable, retryAfter);
        var error = new ProviderException("openai", (HttpStatusCode?)status, code, message);
        var output = new ArrayBufferWriter<byte>();
        StreamProtocols.OpenAIChat.WriteErrorBody(error, output);
        using var response = new HttpResponseMessage();

        var read = StreamProtocols.OpenAIChat.ReadError(HttpStatusCode.BadGateway, response.Headers, output.WrittenSpan, DateTimeOffset.UnixEpoch);

        (read.StatusCode, read.Code, read.ProviderMessage).Should().Be((HttpStatusCode.BadGateway, CodeOf(error), message));
        JsonDocument.Parse(output.WrittenMemory).RootElement.GetProperty("error").EnumerateObject().Select(member => member.Name)
            .Should().Equal("message", "type", "param", "code");
    }

    [Theory]
    [InlineData(400, null, "invalid_request_error")]
    [InlineData(401, null, "invalid_request_error")]
    [InlineData(404, "model_not_found", "invalid_request_error")]
    [InlineData(429, null, "rate_limit_error")]
    [InlineData(429, "rate_limit_exceeded", "rate_limit_error")]
    [InlineData(429, "insufficient_quota", "insufficient_quota")]
    [InlineData(500, null, "server_error")]
    [InlineData(502, "provider_unavailable", "server_error")]
    [InlineData(503, null, "service_unavailable_error")]
    [InlineData(529, null, "service_unavailable_error")]
    public void WriteErrorBody_OfAStatus_HasItsType(int status, string? code, string type)
    {
        foreach (var protocol in new[] { StreamProtocols.OpenAIChat, StreamProtocols.OpenAIResponses })
        {
            var output = new ArrayBufferWriter<byte>();
            protocol.WriteErrorBody(new ProviderException(protocol.Name, (HttpStatusCode)status, code, "m"), output);

            var error = JsonDocument.Parse(output.WrittenMemory).RootElement.GetProperty("error");
            (error.GetProperty("type").GetString(), error.GetProperty("code").GetString()).Should().Be((type, code), "of the wire {0}", protocol.Name);
        }
    }

    // The wire has a type for every status, and a reader takes the type where there is no code.
    private static string? CodeOf(ProviderException error) => error is { Code: null, StatusCode: not null } ? "server_error" : error.Code;

    private static List<StreamEvent> Decode(string wire)
    {
        var decoder = new OpenAIChatEventDecoder(new StreamReadOptions(), requestId: null);
        var events = new List<StreamEvent>();
        foreach (var frame in wire.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            decoder.Decode(default, Encoding.UTF8.GetBytes(frame["data: ".Length..]), byteOffset: 0);
            while (decoder.TryTake(out var streamEvent))
            {
                events.Add(streamEvent);
            }
        }

        decoder.Complete(bytesReceived: wire.Length, unrecognizedText: default);
        while (decoder.TryTake(out var streamEvent))
        {
            events.Add(streamEvent);
        }

        return events;
    }
}
