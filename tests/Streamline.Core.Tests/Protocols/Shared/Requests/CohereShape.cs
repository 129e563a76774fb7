using System.Text.Json.Nodes;

namespace Streamline.Tests.Protocols.Requests;

/// <summary>The field list of Cohere's Chat API, version 2.</summary>
internal static class CohereShape
{
    private static readonly string[] Body =
    [
        "model", "messages", "stream", "tools?", "strict_tools?", "tool_choice?", "documents?", "citation_options?", "response_format?", "safety_mode?", "max_tokens?", "stop_sequences?",
        "temperature?", "seed?", "frequency_penalty?", "presence_penalty?", "k?", "p?", "logprobs?", "thinking?", "priority?",
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
                open.TryDequeue(out var id).Should().BeTrue("a result answers a call: {0}", message.ToJsonString());
                message.HasOnly("role", "tool_call_id", "content").Text("tool_call_id").Should().Be(id);
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
                role.Should().BeOneOf("user", "system");
                message.HasOnly("role", "content");
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
        message.HasOnly("role", "content?", "tool_calls?", isForeign ? "role" : "tool_plan?", isForeign ? "role" : "citations?");
        (message["content"] ?? message["tool_calls"] ?? message["tool_plan"]).Should().NotBeNull("a message says something: {0}", message.ToJsonString());
        foreach (var part in message["content"] is JsonArray ? message.Items("content") : [])
        {
            if (isForeign)
            {
                part.HasOnly("type", "text").Text("type").Should().Be("text");
            }
        }

        foreach (var call in message.Items("tool_calls"))
        {
            (isForeign ? call.HasOnly("id", "type", "function") : call.AsObject()).Text("type").Should().Be("function");
            call["function"].HasOnly("name", "arguments").Text("arguments").IsObjectText();
        }
    }
}
