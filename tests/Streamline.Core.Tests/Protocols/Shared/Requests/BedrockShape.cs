using System.Text.Json.Nodes;
using Streamline.Protocols.Shared;

namespace Streamline.Tests.Protocols.Requests;

/// <summary>The field list of Bedrock's Converse: reference of the wire, section 5.</summary>
internal static class BedrockShape
{
    private static readonly string[] Body =
    [
        "messages", "system?", "inferenceConfig?", "toolConfig?", "guardrailConfig?", "additionalModelRequestFields?", "additionalModelResponseFieldPaths?",
        "promptVariables?", "requestMetadata?", "performanceConfig?", "serviceTier?", "outputConfig?",
    ];

    public static void Check(JsonObject body, bool isForeign)
    {
        body.HasOnly(Body);
        foreach (var block in body.Items("system"))
        {
            block.HasOnly("text").Text("text").Should().NotBeNullOrWhiteSpace();
        }

        string? lastRole = null;
        List<string> open = [];
        foreach (var message in body.Items("messages"))
        {
            var role = message.HasOnly("role", "content").Text("role");
            role.Should().BeOneOf("user", "assistant");
            role.Should().NotBe(lastRole, "turns alternate");
            lastRole = role;
            var blocks = message.Items("content").ToList();
            blocks.Should().NotBeEmpty();
            blocks.ForEach(block => CheckBlock(block, role == "assistant", isForeign));

            // Each call is answered in the next message.
            blocks.Select(block => role == "user" ? block["toolResult"] : null).OfType<JsonObject>().Select(result => result.Text("toolUseId"))
                .Should().BeEquivalentTo(open);
            open = [.. blocks.Select(block => block["toolUse"]).OfType<JsonObject>().Where(call => call["type"] is null).Select(call => call.Text("toolUseId"))];
            open.Should().OnlyHaveUniqueItems();
        }
    }

    public static IReadOnlyList<string> CallsAndResults(JsonObject body) =>
    [
        .. body.Items("messages").SelectMany(message => message.Items("content").Select(block =>
            block["toolUse"] is { } call && call["type"] is null ? "?" + call.Text("toolUseId")
            : block["toolResult"] is { } result && message.Text("role") == "user" ? "!" + result.Text("toolUseId")
            : "").Where(call => call.Length > 0)),
    ];

    private static void CheckBlock(JsonNode block, bool isAssistant, bool isForeign)
    {
        var (kind, value) = block.Should().BeOfType<JsonObject>().Which.Should().ContainSingle("a block is a union").Subject;
        switch (kind)
        {
            case "text":
                block.Text("text").Should().NotBeNullOrWhiteSpace("the service refuses a blank text");
                break;
            case "image" when !isAssistant:
                value.HasOnly("format", "source");
                break;
            case "toolUse" when isAssistant:
                var call = isForeign ? value.HasOnly("toolUseId", "name", "input") : value!.AsObject();
                call.Text("toolUseId").Should().MatchRegex("^[a-zA-Z0-9_-]{1,64}$");
                call["input"].Should().BeOfType<JsonObject>();
                break;
            case "toolResult" when !isAssistant:
                foreach (var part in value.HasOnly("toolUseId", "content", "status?").Items("content").Select(part => part.HasOnly("text")))
                {
                    part.Text("text").Should().NotBeNullOrWhiteSpace();
                }

                break;
            case "reasoningContent" when isAssistant && !isForeign:
                (value!["redactedContent"] ?? value["reasoningText"].HasOnly("text", "signature")["signature"])!.GetValue<string>().Should().NotBeEmpty();
                break;
            default:
                (isAssistant && !isForeign).Should().BeTrue("another provider's block {0} has no place here", block.ToJsonString());
                break;
        }
    }
}
