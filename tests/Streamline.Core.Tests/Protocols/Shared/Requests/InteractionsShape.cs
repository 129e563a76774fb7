using System.Text.Json.Nodes;

namespace Streamline.Tests.Protocols.Requests;

/// <summary>The field list of the Interactions API.</summary>
internal static class InteractionsShape
{
    public static void Check(JsonObject body, bool isForeign)
    {
        body.HasOnly(
            "model", "input", "stream", "system_instruction?", "tools?", "generation_config?", "response_format?", "previous_interaction_id?", "background?", "store?");
        if (body["generation_config"] is { } config)
        {
            config.HasOnly("temperature?", "top_p?", "max_output_tokens?", "seed?", "stop_sequences?", "thinking_level?", "thinking_summaries?", "tool_choice?");
        }

        List<string> open = [];
        foreach (var step in body.Items("input"))
        {
            var type = step.Text("type");
            if (type != "function_result")
            {
                (open.Count == 0 || type is not "user_input").Should().BeTrue("every call is answered before the user says something");
            }

            CheckStep(step, type, isForeign, open);
        }

        open.Should().BeEmpty();
    }

    public static IReadOnlyList<string> CallsAndResults(JsonObject body) =>
    [
        .. body.Items("input").Select(step => step.Text("type") switch { "function_call" => "?" + step.Text("id"), "function_result" => "!" + step.Text("call_id"), _ => "" })
            .Where(call => call.Length > 0),
    ];

    private static void CheckStep(JsonNode step, string type, bool isForeign, List<string> open)
    {
        switch (type)
        {
            case "user_input":
                step.HasOnly("type", "content").Items("content").Should().NotBeEmpty();
                CheckContents(step, "content", isForeign: true);
                break;
            case "model_output":
                (isForeign ? step.HasOnly("type", "content") : step.AsObject()).Items("content").Should().NotBeEmpty();
                CheckContents(step, "content", isForeign);
                break;
            case "function_call":
                var call = isForeign ? step.HasOnly("type", "id", "name", "arguments") : step.AsObject();
                call["arguments"].Should().BeOfType<JsonObject>();
                open.Add(call.Text("id"));
                break;
            case "function_result":
                open.Should().NotBeEmpty();
                step.HasOnly("type", "call_id", "name?", "is_error?", "result").Text("call_id").Should().Be(open[0], "results are in the order of their calls");
                open.RemoveAt(0);
                break;
            default:
                isForeign.Should().BeFalse("a step of the type {0} has no place in what came from elsewhere", type);
                break;
        }
    }

    private static void CheckContents(JsonNode step, string name, bool isForeign)
    {
        foreach (var content in step.Items(name).Where(_ => isForeign))
        {
            content.HasOnly(content.Text("type") == "text" ? ["type", "text"] : ["type", "mime_type?", "data?", "uri?"]);
        }
    }
}
