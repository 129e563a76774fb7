using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Streamline.Protocols;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols;

/// <summary>
/// The names of <c>eng/drift/passed-through.json</c>, which the providers' SDKs have and no table here: what has such a name loses nothing, neither on the way to
/// the application, nor back into an answer of the same protocol, nor into the next request.
/// </summary>
[Trait("Law", "11")]
public sealed class PassedThroughTests
{
    private const string Member = "\"NAME\":MARKER";
    private const string NestedCount = """{"n":77}""";
    private const string Marker = """{"deep":["m4rk",1.50,null]}""";

    private static readonly string[] AnthropicText =
    [
        """{"type":"content_block_start","index":9,"content_block":{"type":"text","text":""}}""", """{"type":"content_block_delta","index":9,"delta":{"type":"text_delta","text":"Bye"}}""",
        """{"type":"content_block_stop","index":9}""",
    ];

    private static readonly Dictionary<string, Sample> Samples = new(StringComparer.Ordinal)
    {
        ["OpenAI Responses/event"] = Responses("""{"type":"NAME","sequence_number":1,"response_id":"r","x":MARKER}""", isSentBack: false),
        ["OpenAI Responses/item"] = Responses("""{"type":"response.output_item.done","output_index":0,"item":{"type":"NAME","id":"it_1","x":MARKER}}""", isSentBack: true),
        ["OpenAI Responses/annotation"] = Responses(
            """{"type":"response.output_item.done","output_index":0,"item":{"id":"m","type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Hi","annotations":[{"type":"NAME","x":MARKER}]}]}}""",
            isSentBack: true),
        ["OpenAI Responses/incomplete reason"] = new(
            StreamProtocols.OpenAIResponses,
            [ResponsesCreated, ResponsesText, """{"type":"response.incomplete","response":{"id":"r","status":"incomplete","incomplete_details":{"reason":"NAME"}}}"""],
            "\"NAME\"", IsSentBack: false),
        ["OpenAI Responses/member of a response"] = new(
            StreamProtocols.OpenAIResponses, [ResponsesCreated, ResponsesText, """{"type":"response.completed","response":{"id":"r","status":"completed","NAME":MARKER}}"""], Member, IsSentBack: false),
        ["OpenAI Responses/member of usage"] = new(
            StreamProtocols.OpenAIResponses,
            [ResponsesCreated, ResponsesText, """{"type":"response.completed","response":{"id":"r","status":"completed","usage":{"input_tokens":1,"output_tokens":2,"total_tokens":3,"NAME":{"n":77}}}}"""],
            "NAME\":" + NestedCount, IsSentBack: false),
        ["OpenAI Chat Completions/member of a chunk"] = Chat("""{"id":"c","NAME":MARKER,"choices":[]}""", Member),
        ["OpenAI Chat Completions/member of usage"] = Chat(
            """{"id":"c","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3,"completion_tokens_details":{"NAME":77}}}""", "\"NAME\":77"),
        ["Anthropic Messages/block"] = Anthropic(
            ["""{"type":"content_block_start","index":0,"content_block":{"type":"NAME","x":MARKER}}""", """{"type":"content_block_stop","index":0}"""], isSentBack: true),
        ["Anthropic Messages/citation"] = Anthropic(
            [
                """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""", """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}""",
                """{"type":"content_block_delta","index":0,"delta":{"type":"citations_delta","citation":{"type":"NAME","x":MARKER}}}""", """{"type":"content_block_stop","index":0}""",
            ],
            isSentBack: true),
        ["Anthropic Messages/member of a message"] = new(
            StreamProtocols.Anthropic, [AnthropicStart.Replace("\"content\"", Member + ",\"content\"", StringComparison.Ordinal), .. AnthropicText, AnthropicDelta(), AnthropicStop], Member, IsSentBack: false),
        ["Anthropic Messages/member of message_delta"] = new(StreamProtocols.Anthropic, [AnthropicStart, .. AnthropicText, AnthropicDelta(beside: Member + ","), AnthropicStop], Member, IsSentBack: false),
        ["Anthropic Messages/member of message_delta.delta"] = new(StreamProtocols.Anthropic, [AnthropicStart, .. AnthropicText, AnthropicDelta(inside: Member + ","), AnthropicStop], Member, IsSentBack: false),
        ["Anthropic Messages/member of usage"] = new(
            StreamProtocols.Anthropic, [AnthropicStart, .. AnthropicText, AnthropicDelta(usage: "\"NAME\":{\"n\":77},"), AnthropicStop], "NAME\":" + NestedCount, IsSentBack: false),
        ["Gemini generateContent/member of a part"] = new(
            StreamProtocols.Gemini,
            ["""{"candidates":[{"content":{"role":"model","parts":[{"NAME":MARKER}]}}]}""", """{"candidates":[{"content":{"role":"model","parts":[{"text":"Hi"}]},"finishReason":"STOP"}]}"""],
            Member, IsSentBack: true),
        ["Gemini generateContent/member of a response"] = new(
            StreamProtocols.Gemini, ["""{"candidates":[{"content":{"role":"model","parts":[{"text":"Hi"}]},"finishReason":"STOP"}],"NAME":MARKER}"""], Member, IsSentBack: false),
        ["Gemini generateContent/finish reason"] = new(
            StreamProtocols.Gemini, ["""{"candidates":[{"content":{"role":"model","parts":[{"text":"Hi"}]},"finishReason":"NAME"}]}"""], "\"NAME\"", IsSentBack: false),
        ["Gemini generateContent/member of usage"] = new(
            StreamProtocols.Gemini,
            ["""{"candidates":[{"content":{"role":"model","parts":[{"text":"Hi"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":2,"totalTokenCount":3,"NAME":77}}"""],
            "\"NAME\":77", IsSentBack: false),
    };

    private const string ResponsesCreated = """{"type":"response.created","response":{"id":"r","status":"in_progress"}}""";
    private const string ResponsesText = """{"type":"response.output_item.done","output_index":9,"item":{"id":"m9","type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Bye","annotations":[]}]}}""";
    private const string AnthropicStart = """{"type":"message_start","message":{"id":"m","type":"message","role":"assistant","model":"c","content":[],"stop_reason":null,"usage":{"input_tokens":1,"output_tokens":1}}}""";
    private const string AnthropicStop = """{"type":"message_stop"}""";

    public static TheoryData<string, string, string> Names
    {
        get
        {
            var rows = new TheoryData<string, string, string>();
            foreach (var (provider, kinds) in JsonNode.Parse(File.ReadAllText(Repository.Combine("eng", "drift", "passed-through.json")))!.AsObject())
            {
                foreach (var (kind, names) in kinds!.AsObject())
                {
                    names!.AsArray().ToList().ForEach(name => rows.Add(provider, kind, name!.GetValue<string>()));
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Read_NameThatNoTableHas_LosesNothing(string provider, string kind, string name)
    {
        if (kind == "block of a request")
        {
            RequestShouldKeep(StreamProtocols.Anthropic, name);
            return;
        }

        var sample = Samples[$"{provider}/{kind}"].Fill(name);
        var body = string.Concat(sample.Payloads.Select(payload => $"event: {TypeOf(payload)}\ndata: {payload}\n\n"));
        var (events, exception) = await WireRun.ReadAllWaysAsync(sample.Protocol, sample.Protocol == StreamProtocols.OpenAIChat ? body + "data: [DONE]\n\n" : body);
        exception.Should().BeNull();

        events[^1].Should().BeOfType<ResponseCompleted>();
        events.ToLines().Replace("\\u0022", "\"", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal).Should().Contain(sample.Value);
        Encoding.UTF8.GetString(WireRun.Encode(sample.Protocol, events)).Should().Contain(sample.Expected, "the encoder writes what the decoder gave");
        if (sample.IsSentBack)
        {
            var response = WireRun.Fold(events).ToChatResponse();
            RequestBody.Write(sample.Protocol, [new ChatMessage(ChatRole.User, "Hi"), .. response.Messages, new ChatMessage(ChatRole.User, "Go on.")]).ToJsonString().Should().Contain(sample.Expected);
        }
    }

    private static void RequestShouldKeep(StreamProtocol protocol, string name)
    {
        var block = Fill("""{"type":"NAME","x":MARKER}""", name);
        using var body = JsonDocument.Parse("""{"model":"c","max_tokens":5,"messages":[{"role":"user","content":[{"type":"text","text":"Hi"},BLOCK]}]}""".Replace("BLOCK", block, StringComparison.Ordinal));
        var request = protocol.ReadRequest(body.RootElement);

        RequestBody.Write(protocol, request.Messages, request.Options).ToJsonString().Should().Contain(block);
    }

    private static string Fill(string json, string name) => json.Replace("NAME", name, StringComparison.Ordinal).Replace("MARKER", Marker, StringComparison.Ordinal);

    private static Sample Responses(string payload, bool isSentBack) =>
        new(StreamProtocols.OpenAIResponses, [ResponsesCreated, payload, ResponsesText, """{"type":"response.completed","response":{"id":"r","status":"completed"}}"""], "\"x\":MARKER", isSentBack);

    private static Sample Chat(string payload, string expected) => new(
        StreamProtocols.OpenAIChat,
        ["""{"id":"c","choices":[{"index":0,"delta":{"content":"Hi"}}]}""", """{"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""", payload], expected, IsSentBack: false);

    private static Sample Anthropic(string[] payloads, bool isSentBack) =>
        new(StreamProtocols.Anthropic, [AnthropicStart, .. payloads, .. AnthropicText, AnthropicDelta(), AnthropicStop], "\"x\":MARKER", isSentBack);

    private static string AnthropicDelta(string beside = "", string inside = "", string usage = "") =>
        "{\"type\":\"message_delta\"," + beside + "\"delta\":{" + inside + "\"stop_reason\":\"end_turn\"},\"usage\":{" + usage + "\"output_tokens\":2}}";

    private static string TypeOf(string payload) => JsonNode.Parse(payload)!["type"]?.GetValue<string>() ?? "message";

    /// <param name="Protocol">The protocol.</param>
    /// <param name="Payloads">An answer that holds the name.</param>
    /// <param name="Expected">JSON that the answer must give again.</param>
    /// <param name="IsSentBack">Whether it is a part of the message, which the next request holds.</param>
    private sealed record Sample(StreamProtocol Protocol, string[] Payloads, string Expected, bool IsSentBack)
    {
        public Sample Fill(string name) => this with { Payloads = [.. Payloads.Select(payload => PassedThroughTests.Fill(payload, name))], Expected = PassedThroughTests.Fill(Expected, name) };

        /// <summary>Gets what the application sees of it: a member's value, whose name may be a part of another one; a nested count has a name that is a path.</summary>
        public string Value => Expected.EndsWith(NestedCount, StringComparison.Ordinal) ? ".n\":77" : Expected[(Expected.IndexOf(':', StringComparison.Ordinal) + 1)..];
    }
}
