using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Streamline.Protocols;
using Streamline.Protocols.Shared;
using Streamline.Tests.Http;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols;

/// <summary>How deep JSON may nest is one rule on every wire, whether it is text in a payload or a part of its JSON, and in every direction.</summary>
public sealed class DeepJsonTests
{
    // Within a payload it stands some levels deeper.
    private const int DeepInPayload = StreamReadOptions.MaxPayloadDepth - 20;

    private static readonly int[] ChunkSizes = [7, int.MaxValue];

    public static TheoryData<string, int> FormsAndLimits
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var form in DeepJson.Forms)
            {
                data.Add(form, StreamReadOptions.DefaultMaxArgumentDepth);
                data.Add(form, StreamReadOptions.HighestArgumentDepth);
            }

            return data;
        }
    }

    public static TheoryData<string> Forms => [.. DeepJson.Forms];

    public static TheoryData<string> All => Wires.All();

    public static TheoryData<string> OfText => Wires.OfText();

    [Theory]
    [MemberData(nameof(FormsAndLimits))]
    [Trait("Law", "8")]
    public async Task Read_ArgumentsAsDeepAsTheLimit_AreReadAndGoOnEverywhere(string form, int limit)
    {
        var arguments = DeepJson.Nested(limit);
        foreach (var size in ChunkSizes)
        {
            var (events, exception) = await ReadAsync(form, arguments, limit, size);

            exception.Should().BeNull("chunks have {0} bytes", size);
            ArgumentsOf(events).Should().Be(arguments, "chunks have {0} bytes", size);
            if (size == int.MaxValue)
            {
                events.Select(e => StreamEventJson.Deserialize(StreamEventJson.Serialize(e))).ToLines().Should().Be(events.ToLines());
                await GoesOnAsync(events, arguments, limit);
            }
        }
    }

    [Theory]
    [MemberData(nameof(FormsAndLimits))]
    [Trait("Law", "8")]
    public async Task Read_ArgumentsOneDeeper_NameTheLimit(string form, int limit)
    {
        foreach (var size in ChunkSizes)
        {
            var (events, exception) = await ReadAsync(form, DeepJson.Nested(limit + 1), limit, size);

            exception.Should().BeOfType<StreamLimitException>("chunks have {0} bytes", size)
                .Which.Should().BeEquivalentTo(new { LimitName = nameof(StreamReadOptions.MaxArgumentDepth), Limit = limit, Actual = limit + 1 });
            WireRun.Fold(events).Text.Should().Be("Hi");
            events.Should().ContainSingle(e => e is ToolCallStarted).And.NotContain(e => e is ToolCallCompleted);
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    [Trait("Law", "8")]
    public async Task Read_ArgumentsFarDeeper_NameTheLimit(string form)
    {
        var (name, limit) = DeepJson.IsPartOfPayload(form)
            ? (nameof(StreamReadOptions.MaxPayloadDepth), StreamReadOptions.MaxPayloadDepth)
            : (nameof(StreamReadOptions.MaxArgumentDepth), StreamReadOptions.DefaultMaxArgumentDepth);
        foreach (var (depth, size) in new[] { 5_000, 100_000 }.SelectMany(depth => ChunkSizes.Select(size => (depth, size))))
        {
            var (events, exception) = await ReadAsync(form, DeepJson.Nested(depth), StreamReadOptions.DefaultMaxArgumentDepth, size);

            exception.Should().BeOfType<StreamLimitException>("there are {0} levels in chunks of {1} bytes", depth, size)
                .Which.Should().BeEquivalentTo(new { LimitName = name, Limit = limit, Actual = limit + 1 });
            WireRun.Fold(events).Text.Should().Be("Hi", "what came before stays");
        }
    }

    /// <summary>What is not known is kept as it came, and looked through for whether it says anything.</summary>
    [Theory]
    [MemberData(nameof(OfText))]
    [Trait("Law", "8")]
    public async Task Read_DeepMembersThatAreNotKnown_AreKeptUpToTheLimit(string wire)
    {
        var body = Encoding.UTF8.GetString(DeepJson.BodyOf(DeepJson.Forms.First(form => DeepJson.ProtocolOf(form) == Wires.Named(wire)), "{}"));
        foreach (var (value, isKept) in new[] { (DeepJson.Nested(DeepInPayload), true), (DeepJson.NestedObjects(DeepInPayload), false) })
        {
            var (events, exception) = await WireRun.ReadAsync(Wires.Named(wire), Encoding.UTF8.GetBytes(With(value)));

            exception.Should().BeNull();
            var lines = events.ToLines();
            events.Select(e => StreamEventJson.Deserialize(StreamEventJson.Serialize(e))).ToLines().Should().Be(lines);
            (!isKept || lines.Contains(value, StringComparison.Ordinal) || lines.Contains(value.Replace("\"", "\\u0022", StringComparison.Ordinal), StringComparison.Ordinal))
                .Should().BeTrue("a value that says something is passed on");
        }

        foreach (var depth in new[] { StreamReadOptions.MaxPayloadDepth + 1, 100_000 })
        {
            var (_, exception) = await WireRun.ReadAsync(Wires.Named(wire), Encoding.UTF8.GetBytes(With(DeepJson.NestedObjects(depth))));
            exception.Should().BeOfType<StreamLimitException>().Which.LimitName.Should().Be(nameof(StreamReadOptions.MaxPayloadDepth));
        }

        // In every payload, at its top.
        string With(string value) => body.Replace("data: {", $$"""data: {"novel":{{value}},""", StringComparison.Ordinal)
            is var changed && changed != body ? changed : string.Join('\n', body.Split('\n').Select(line => line.StartsWith('{') ? $$"""{"novel":{{value}},{{line[1..]}}""" : line));
    }

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Law", "8")]
    public void WriteRequestBody_DeepValues_AreWritten(string wire)
    {
        var deep = DeepJson.Nested(DeepInPayload);
        var indented = JsonElement.Parse(deep.Replace("[", "\n[", StringComparison.Ordinal), new JsonDocumentOptions { MaxDepth = ProviderJson.MaxDepth });
        var call = new FunctionCallContent("c1", "weather", new Dictionary<string, object?> { ["a"] = indented.GetProperty("a") });
        ChatMessage[] messages =
        [
            new(ChatRole.User, "q"),
            new(ChatRole.Assistant, [call]),
            new(ChatRole.Tool, [new FunctionResultContent("c1", indented)]),
        ];
        var schema = JsonElement.Parse($$"""{"type":"object","properties":{},"default":{{deep}}}""", new JsonDocumentOptions { MaxDepth = ProviderJson.MaxDepth });
        var options = new ChatOptions { Tools = [AIFunctionFactory.CreateDeclaration("weather", "Tells the weather.", schema)] };
        var extra = new JsonObject { ["novel"] = ProviderJson.ParseNode(deep) };

        var body = Write(Wires.Named(wire), messages, options, extra);

        Levels(body.GetProperty("novel")).Should().Be(DeepInPayload);
        body.GetRawText().Should().ContainAny(deep, deep.Replace("\"", "\\\"", StringComparison.Ordinal), "the result is on one line");
        if (Wires.Named(wire).CanReadRequests)
        {
            var read = Wires.Named(wire).ReadRequest(body);
            Levels(Write(Wires.Named(wire), [.. read.Messages], read.Options, read.ExtraBody).GetProperty("novel")).Should().Be(DeepInPayload);
        }
    }

    [Theory]
    [InlineData("anthropic")]
    [InlineData("openai")]
    [InlineData("openai-responses")]
    [Trait("Law", "8")]
    public void ReadRequest_DeeperThanAPayload_SaysSo(string wire)
    {
        var body = JsonElement.Parse(DeepJson.Nested(StreamReadOptions.MaxPayloadDepth + 1), new JsonDocumentOptions { MaxDepth = ProviderJson.MaxDepth });

        FluentActions.Invoking(() => Wires.Named(wire).ReadRequest(body)).Should().Throw<StreamProtocolException>().WithMessage("The body: *900 levels*");
    }

    /// <summary>What walks a value by recursion has stack enough for the deepest, also on the threads with the least of it.</summary>
    [Fact]
    [Trait("Law", "8")]
    public void Recursion_DeepestValue_FitsASmallStack()
    {
        const int smallStack = 1024 * 1024;
        var (isEmpty, merged, again) = (false, default(JsonElement?), "");
        var thread = new Thread(
            () =>
            {
                var deepest = ProviderJson.Parse(DeepJson.NestedObjects(ProviderJson.MaxDepth));
                isEmpty = deepest.IsEmpty();
                var data = new MergedObject(new StreamReadOptions());
                data.Add(deepest);
                data.Add(ProviderJson.Parse(DeepJson.NestedObjects(ProviderJson.MaxDepth).Replace("{}", "{\"b\":1}", StringComparison.Ordinal)));
                merged = data.Value;
                again = StreamEventJson.Serialize(StreamEventJson.Deserialize(StreamEventJson.Serialize(
                    new ProviderMetadata { Name = "deep", Value = ProviderJson.ParsePayload(Encoding.UTF8.GetBytes(DeepJson.NestedObjects(StreamReadOptions.MaxPayloadDepth))) })));
            },
            smallStack);
        thread.Start();
        thread.Join(EventCollector.Patience).Should().BeTrue();

        isEmpty.Should().BeTrue();
        merged!.Value.GetRawText().Should().Contain("\"b\":1");
        again.Should().Contain(DeepJson.NestedObjects(StreamReadOptions.MaxPayloadDepth));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(StreamReadOptions.HighestArgumentDepth + 1)]
    public void MaxArgumentDepth_OutOfRange_Throws(int depth) =>
        FluentActions.Invoking(() => new StreamReadOptions { MaxArgumentDepth = depth }).Should().Throw<ArgumentOutOfRangeException>();

    // The next request on every wire, the same answer on every wire, read again there, and both bridges.
    private static async Task GoesOnAsync(List<StreamEvent> events, string arguments, int limit)
    {
        var answer = WireRun.Fold(events).ToChatMessage();
        answer.Contents.OfType<FunctionCallContent>().Should().ContainSingle().Which.Exception.Should().BeNull();
        foreach (var target in Wires.Protocols)
        {
            var body = Write(target, [new ChatMessage(ChatRole.User, "q"), answer, new ChatMessage(ChatRole.Tool, [new FunctionResultContent("c1", "r")])]);
            body.GetRawText().Should().ContainAny(arguments, arguments.Replace("\"", "\\\"", StringComparison.Ordinal));
            if (target.CanReadRequests)
            {
                var read = target.ReadRequest(body);
                read.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Single().Exception.Should().BeNull("{0} reads it", target.Name);
                Write(target, [.. read.Messages]).GetProperty(target == StreamProtocols.OpenAIResponses || target == StreamProtocols.GeminiInteractions ? "input" : "messages").GetRawText()
                    .Should().ContainAny(arguments, arguments.Replace("\"", "\\\"", StringComparison.Ordinal));
            }

            var options = new StreamReadOptions { MaxArgumentDepth = limit };
            var (again, exception) = await WireRun.ReadAsync(target, WireRun.Encode(target, events), options: options);
            exception.Should().BeNull("{0} reads what it wrote", target.Name);
            ArgumentsOf(again).Should().Be(arguments, "{0} reads what it wrote", target.Name);
        }

        var chat = FakeStreamClient.Of([.. events]).AsChatClient();
        var response = await chat.GetStreamingResponseAsync("q").ToChatResponseAsync().OrFail();
        response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Single().Arguments!["a"]
            .Should().BeOfType<JsonElement>().Which.GetRawText().Should().Be(arguments[5..^1]);
        var bridged = await chat.AsStreamClient().StreamAsync("q").CollectAsync().OrFail();
        ArgumentsOf(bridged).Should().Be(arguments);

        // As from a chat client that knows nothing of Streamline.
        var foreign = new Bridges.FakeChatClient(
            [new ChatResponseUpdate(ChatRole.Assistant, [new FunctionCallContent("c1", "f", new Dictionary<string, object?> { ["a"] = ProviderJson.ParseNode(arguments[5..^1]) })]) { FinishReason = ChatFinishReason.ToolCalls }]);
        ArgumentsOf(await foreign.AsStreamClient().StreamAsync("q").CollectAsync().OrFail()).Should().Be(arguments);
    }

    private static string ArgumentsOf(List<StreamEvent> events)
    {
        var call = events.OfType<ToolCallCompleted>().Should().ContainSingle().Which;
        call.ParseError.Should().BeNull();
        call.Arguments!.Value.GetRawText().Should().Be(call.ArgumentsText);
        return call.ArgumentsText;
    }

    private static Task<(List<StreamEvent> Events, Exception? Exception)> ReadAsync(string form, string arguments, int limit, int size) =>
        WireRun.ReadAsync(DeepJson.ProtocolOf(form), DeepJson.BodyOf(form, arguments), size, new StreamReadOptions { MaxArgumentDepth = limit }).OrFail();

    private static JsonElement Write(StreamProtocol protocol, IReadOnlyList<ChatMessage> messages, ChatOptions? options = null, JsonObject? extra = null)
    {
        var output = new ArrayBufferWriter<byte>();
        protocol.WriteRequestBody(
            new StreamRequest { Messages = messages, Options = options, ExtraBody = extra }, new StreamRequestDefaults("m", MaxOutputTokens: null), output);
        return JsonElement.Parse(output.WrittenSpan, new JsonDocumentOptions { MaxDepth = ProviderJson.MaxDepth });
    }

    private static int Levels(JsonElement value) => value.GetRawText().Count(letter => letter is '{' or '[');
}
