using System.Text.Json.Nodes;

namespace Streamline.Tests.Protocols.Requests;

/// <summary>The field list of Chat Completions: reference of the wire, sections 1, 3, 4 and 8.</summary>
internal static class OpenAIChatShape
{
    private static readonly string[] Body =
    [
        "model", "messages", "stream", "stream_options?", "tools?", "tool_choice?", "parallel_tool_calls?", "max_completion_tokens?", "max_tokens?", "stop?", "temperature?", "top_p?",
        "frequency_penalty?", "presence_penalty?", "seed?", "response_format?", "reasoning_effort?",
    ];

    public static void Check(JsonObject body, bool isForeign)
    {
        body.HasOnly(Body);
        Queue<string> open = [];
        foreach (var message in body.Items("messages"))
        {
            var role = message.Text("role");
            if (role == "tool")
            {
                // Results stand right behind the message with the calls, in the order of the calls.
                open.TryDequeue(out var id).Should().BeTrue("a result answers a call: {0}", message.ToJsonString());
                message.HasOnly("role", "tool_call_id", "content").Text("tool_call_id").Should().Be(id);
                message.Text("content").Should().NotBeNull();
                continue;
            }

            open.Should().BeEmpty("every call is answered before the next message");
            if (role == "assistant")
            {
                CheckAssistant(message, isForeign);
                open = new Queue<string>(message.Items("tool_calls").Select(call => call.Text("id")));
                open.Should().OnlyHaveUniqueItems();
            }
            else
            {
                role.Should().BeOneOf("user", "system", "developer");
                message.HasOnly("role", "content", "name?");
            }
        }

        open.Should().BeEmpty();
    }

    public static IReadOnlyList<string> CallsAndResults(JsonObject body) =>
    [
        .. body.Items("messages").SelectMany(message => message.Text("role") == "tool"
            ? ["!" + message.Text("tool_call_id")]
            : message.Items("tool_calls").Select(call => "?" + call.Text("id"))),
    ];

    private static void CheckAssistant(JsonNode message, bool isForeign)
    {
        message.HasOnly("role", "content", "name?", "refusal?", "tool_calls?", isForeign ? "role" : "reasoning?", isForeign ? "role" : "reasoning_content?", isForeign ? "role" : "reasoning_details?", isForeign ? "role" : "thinking_blocks?");
        if (message["content"] is JsonArray parts)
        {
            isForeign.Should().BeFalse("only reasoning of this wire needs parts: {0}", parts.ToJsonString());
        }
        else if (message["content"] is null)
        {
            (message["tool_calls"] ?? message["refusal"] ?? message["reasoning_details"] ?? message["thinking_blocks"]).Should().NotBeNull("a message says something: {0}", message.ToJsonString());
        }
        else
        {
            message.Text("content").Should().NotBeNull();
        }

        foreach (var call in message.Items("tool_calls"))
        {
            if (!isForeign && call.Text("type") == "custom")
            {
                call["custom"].HasOnly("name", "input").Text("input").Should().NotBeNull();
                continue;
            }

            (isForeign ? call.HasOnly("id", "type", "function") : call.AsObject()).Text("type").Should().Be("function");
            call["function"].HasOnly("name", "arguments").Text("arguments").Should().NotBeEmpty();
        }
    }
}
