using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Streamline.Protocols;

namespace Streamline.Tests.Protocols.GeminiInteractions;

/// <summary>The bodies of requests, and reading them.</summary>
public sealed class InteractionsRequestTests
{
    private static readonly ChatMessage[] Question = [new(ChatRole.User, "q")];

    private static StreamProtocol Protocol => StreamProtocols.GeminiInteractions;

    [Fact]
    public void Write_Options_HaveTheirMembers()
    {
        var body = RequestBody.Write(Protocol, Question, new ChatOptions
        {
            Instructions = "Be brief.",
            ConversationId = "v1_a",
            AllowBackgroundResponses = true,
            Temperature = 0.5f,
            TopP = 0.25f,
            MaxOutputTokens = 9,
            Seed = 7,
            StopSequences = ["END"],
            Reasoning = new ReasoningOptions { Effort = ReasoningEffort.Low, Output = ReasoningOutput.Summary },
            Tools = [RequestBody.Weather],
            ToolMode = ChatToolMode.RequireSpecific("weather"),
            ResponseFormat = ChatResponseFormat.Json,
        });

        (body["previous_interaction_id"]!.ToJsonString(), body["system_instruction"]!.ToJsonString()).Should().Be(("\"v1_a\"", "\"Be brief.\""));
        (body["background"]!.GetValue<bool>(), body["stream"]!.GetValue<bool>()).Should().Be((true, true));
        body["generation_config"]!.ToJsonString().Should().Be(
            """{"max_output_tokens":9,"temperature":0.5,"top_p":0.25,"seed":7,"stop_sequences":["END"],"thinking_level":"low","thinking_summaries":"auto","tool_choice":{"allowed_tools":{"mode":"any","tools":["weather"]}}}""");
        body["response_format"]!.ToJsonString().Should().Be("""{"type":"text","mime_type":"application/json"}""");
        body["input"]!.ToJsonString().Should().Be("""[{"type":"user_input","content":[{"type":"text","text":"q"}]}]""");
    }

    [Fact]
    public void Write_Agent_TakesThePlaceOfTheModel()
    {
        var body = RequestBody.Write(Protocol, Question, extra: new JsonObject { ["agent"] = "deep-research" });

        body["agent"]!.GetValue<string>().Should().Be("deep-research");
        body.ContainsKey("model").Should().BeFalse();
    }

    [Theory]
    [MemberData(nameof(NotCarried))]
    public void Write_WhatThereIsNoFormFor_IsRefused(string what, ChatOptions options)
    {
        var write = () => RequestBody.Write(Protocol, Question, options);

        write.Should().Throw<ArgumentException>(what);
    }

    public static TheoryData<string, ChatOptions> NotCarried => new()
    {
        { "TopK", new ChatOptions { TopK = 3 } },
        { "FrequencyPenalty", new ChatOptions { FrequencyPenalty = 0.5f } },
        { "PresencePenalty", new ChatOptions { PresencePenalty = 0.5f } },
        { "approval", new ChatOptions { Tools = [new HostedMcpServerTool("s", new Uri("https://e.org/mcp")) { ApprovalMode = HostedMcpServerToolApprovalMode.AlwaysRequire }] } },
    };

    [Fact]
    public void Read_WholeBodies_AreWrittenAsTheyWere()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var body = new InteractionsRandomBody(seed).Create();

            var read = Protocol.ReadRequest(JsonElement.Parse(body.ToJsonString()));
            var written = RequestBody.Write(Protocol, read.Messages, read.Options, read.ExtraBody);

            JsonNode.DeepEquals(written["input"], body["input"]).Should().BeTrue("of the seed {0}: {1} was written as {2}", seed, body["input"]!.ToJsonString(), written["input"]!.ToJsonString());
            foreach (var name in new[] { "system_instruction", "previous_interaction_id", "background", "store", "generation_config", "response_format" })
            {
                JsonNode.DeepEquals(written[name], body[name]).Should().BeTrue("of the seed {0}: {1} {2} was written as {3}", seed, name, body[name]?.ToJsonString(), written[name]?.ToJsonString());
            }
        }
    }
}
