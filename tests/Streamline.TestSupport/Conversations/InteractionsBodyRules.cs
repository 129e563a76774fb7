using System.Text.Json.Nodes;
using static Streamline.TestSupport.Conversations.BodyRules;

namespace Streamline.TestSupport.Conversations;

/// <summary>The rules of the Interactions API, whose conversations are a list of steps.</summary>
public static class InteractionsBodyRules
{
    public static void Check(JsonObject body)
    {
        var steps = body.Objects("input");
        Require(steps.Count > 0, "there is a step");
        Require(steps[0].Word("type") == "user_input", "the user begins");
        Require(steps[^1].Word("type") is "user_input" or "function_result", "the model's turn is not the last");
        List<string?> ids = [];
        List<string?> waiting = [];
        List<string?> open = [];
        var isAnswering = false;
        foreach (var step in steps)
        {
            var type = step.Word("type");
            if (type == "function_result")
            {
                Require(waiting.Count > 0 && waiting[0] == step.Word("call_id"), "results are in the order of their calls");
                waiting.RemoveAt(0);
                isAnswering = waiting.Count > 0;
                continue;
            }

            Require(!isAnswering, "the results of a turn stand together");
            Require(type != "user_input" || (waiting.Count == 0 && open.Count == 0), "every call has its result before the user says something");
            CheckStep(step, type, ids, waiting, open);
        }

        Require(waiting.Count == 0, "no call is without a result");
        RequireUnique(ids, "ids");
    }

    private static void CheckStep(JsonObject step, string? type, List<string?> ids, List<string?> waiting, List<string?> open)
    {
        switch (type)
        {
            case "user_input" or "model_output":
                Require(step.Objects("content").Count > 0, "a step says something");
                foreach (var text in step.Objects("content").Where(content => content.Word("type") == "text"))
                {
                    RequireText(text.Word("text"), "a text");
                }

                break;
            case "function_call":
                RequireText(step.Word("id"), "the id of a call");
                RequireMatch(step.Word("name"), "^[a-zA-Z_][a-zA-Z0-9_.-]{0,63}$", "the name of a tool");
                Require(step["arguments"] is JsonObject, "arguments are an object");
                waiting.Add(step.Word("id"));
                ids.Add(step.Word("id"));
                break;
            case "thought":
                RequireText(step.Word("signature"), "a signature");
                break;
            case not null when type.EndsWith("_call", StringComparison.Ordinal):
                open.Add(step.Word("id"));
                break;
            case not null when type.EndsWith("_result", StringComparison.Ordinal):
                Require(open.Remove(step.Word("call_id")), "the result of a tool that the provider ran follows its call");
                break;
            default:
                break;
        }
    }
}
