using System.Text.Json.Nodes;

namespace Streamline.Tests.Protocols.Requests;

/// <summary>The field list of Anthropic's Messages: reference of the wire, sections 1.2, 4 and 9.</summary>
internal static class AnthropicShape
{
    private static readonly string[] Body =
    [
        "model", "max_tokens", "messages", "stream", "system?", "tools?", "tool_choice?", "thinking?", "output_config?", "stop_sequences?", "temperature?", "top_p?", "top_k?",
        "service_tier?", "container?",
    ];

    /// <summary>What Bedrock takes in place of the model and the word that the answer is to be streamed, both of which its path tells.</summary>
    private static readonly string[] BodyOfBedrock = ["anthropic_version", "anthropic_beta?", .. Body.Except(["model", "stream", "service_tier?", "container?"])];

    public static void Check(JsonObject body, bool isForeign) => Check(body, Body, isForeign);

    public static void CheckOfBedrock(JsonObject body, bool isForeign) => Check(body, BodyOfBedrock, isForeign);

    private static void Check(JsonObject body, string[] members, bool isForeign)
    {
        body.HasOnly(members);
        foreach (var block in body.Items("system"))
        {
            block.HasOnly("type", "text").Text("text").Should().NotBeEmpty();
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

            // Each call is answered in the next message, before anything else.
            var results = blocks.TakeWhile(IsResult).Select(block => block.Text("tool_use_id")).ToList();
            results.Should().BeEquivalentTo(open);
            blocks.Skip(results.Count).Any(IsResult).Should().BeFalse("results stand before anything else");
            open = [.. blocks.Where(block => block.Text("type") == "tool_use").Select(block => block.Text("id"))];
            open.Should().OnlyHaveUniqueItems();
        }

        static bool IsResult(JsonNode block) => block.Text("type") == "tool_result";
    }

    public static IReadOnlyList<string> CallsAndResults(JsonObject body) =>
    [
        .. body.Items("messages").SelectMany(message => message.Items("content")).Select(block => block.Text("type") switch
        {
            "tool_use" => "?" + block.Text("id"),
            "tool_result" => "!" + block.Text("tool_use_id"),
            _ => "",
        }).Where(call => call.Length > 0),
    ];

    private static void CheckBlock(JsonNode block, bool isAssistant, bool isForeign)
    {
        switch (block.Text("type"))
        {
            case "text":
                (isForeign ? block.HasOnly("type", "text") : block.HasOnly("type", "text", "citations?")).Text("text").Should().NotBeEmpty();
                break;
            case "image" or "document" when !isAssistant:
                block.HasOnly("type", "source", "title?");
                break;
            case "tool_use" when isAssistant:
                var call = isForeign ? block.HasOnly("type", "id", "name", "input") : block.AsObject();
                call.Text("id").Should().MatchRegex("^[a-zA-Z0-9_-]+$");
                call["input"].Should().BeOfType<JsonObject>();
                break;
            case "tool_result" when !isAssistant:
                block.HasOnly("type", "tool_use_id", "is_error?", "content", "toolset_name?");
                break;
            case "thinking" when isAssistant && !isForeign:
                block.HasOnly("type", "thinking", "signature").Text("signature").Should().NotBeEmpty();
                break;
            default:
                (isAssistant && !isForeign).Should().BeTrue("another provider's block {0} has no place here", block.ToJsonString());
                break;
        }
    }
}
