using System.Text.Json.Nodes;

namespace Streamline.Tests.Protocols.Requests;

/// <summary>The field list of the Responses API: reference of the wire, sections 2 and 3.</summary>
internal static class OpenAIResponsesShape
{
    private static readonly string[] Body =
    [
        "model", "input", "stream", "instructions?", "tools?", "tool_choice?", "parallel_tool_calls?", "max_output_tokens?", "temperature?", "top_p?", "text?", "reasoning?", "include?", "store?",
        "previous_response_id?", "conversation?", "background?", "top_logprobs?",
    ];

    public static void Check(JsonObject body, bool isForeign)
    {
        body.HasOnly(Body);
        HashSet<string> calls = new(StringComparer.Ordinal);
        foreach (var item in body.Items("input"))
        {
            switch (item.Text("type"))
            {
                case "message":
                    CheckMessage(item, isForeign);
                    break;
                case "function_call":
                    calls.Add((isForeign ? item.HasOnly("type", "call_id", "name", "arguments", "status") : item.AsObject()).Text("call_id")).Should().BeTrue("calls have ids of their own");
                    item.Text("arguments").Should().NotBeEmpty();
                    break;
                case "function_call_output" or "custom_tool_call_output":
                    item.HasOnly("type", "call_id", "output");
                    calls.Should().Contain(item.Text("call_id"), "a result stands behind its call");
                    break;
                case "custom_tool_call" when !isForeign:
                    calls.Add(item.Text("call_id"));
                    item.Text("input").Should().NotBeNull();
                    break;
                default:
                    isForeign.Should().BeFalse("another provider's item {0} has no place here", item.ToJsonString());
                    break;
            }
        }
    }

    public static IReadOnlyList<string> CallsAndResults(JsonObject body) =>
    [
        .. body.Items("input").Select(item => item.Text("type") switch
        {
            "function_call" or "custom_tool_call" => "?" + item.Text("call_id"),
            "function_call_output" or "custom_tool_call_output" => "!" + item.Text("call_id"),
            _ => "",
        }).Where(call => call.Length > 0),
    ];

    private static void CheckMessage(JsonNode item, bool isForeign)
    {
        var role = (isForeign ? item.HasOnly("type", "role", "content") : item.HasOnly("type", "role", "content", "id?", "status?", "phase?")).Text("role");
        role.Should().BeOneOf("user", "assistant", "system", "developer");
        foreach (var part in item.Items("content"))
        {
            var type = part.Text("type");
            if (role == "assistant")
            {
                type.Should().BeOneOf(isForeign ? ["output_text", "refusal"] : ["output_text", "refusal", type]);
            }
            else
            {
                type.Should().StartWith("input_");
            }
        }
    }
}
