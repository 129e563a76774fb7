using System.Text.Json.Nodes;

namespace Streamline.Tests.Protocols.Requests;

/// <summary>The field list of Ollama's chat: reference of the wire, section 2.</summary>
internal static class OllamaShape
{
    public static void Check(JsonObject body, bool isForeign)
    {
        body.HasOnly("model", "messages", "stream", "tools?", "think?", "format?", "options?", "keep_alive?", "logprobs?", "top_logprobs?");
        foreach (var message in body.Items("messages"))
        {
            var role = message.HasOnly("role", "content", "thinking?", "images?", "tool_calls?", "tool_name?", "tool_call_id?").Text("role");
            role.Should().BeOneOf("system", "user", "assistant", "tool");
            message.Text("content").Should().NotBeNull();
            (isForeign && message["thinking"] is not null).Should().BeFalse("another provider's reasoning has no place here");
            foreach (var call in message.Items("tool_calls"))
            {
                role.Should().Be("assistant");
                var function = isForeign ? call.HasOnly("id?", "function")["function"].HasOnly("index?", "name", "arguments") : call["function"]!;
                function["arguments"].Should().BeOfType<JsonObject>();
            }
        }
    }

    public static IReadOnlyList<string> CallsAndResults(JsonObject body) =>
    [
        .. body.Items("messages").SelectMany(message => message.Text("role") == "tool"
            ? ["!" + message.Text("tool_call_id")]
            : message.Items("tool_calls").Select(call => "?" + call.Text("id"))),
    ];
}
