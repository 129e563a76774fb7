using System.Text.Json.Nodes;
using static Streamline.Tests.Protocols.Conversations.BodyRules;

namespace Streamline.Tests.Protocols.Conversations;

/// <summary>The rules of providers that take a list of messages or items: Chat Completions, the Responses API, Ollama.</summary>
internal static class ListBodyRules
{
    public static void CheckChat(JsonObject body, string idPattern, bool isMistral)
    {
        List<string?> ids = [];
        Queue<string?> waiting = [];
        var last = "";
        Require(body.Objects("messages").Count > 0, "there is a message");
        foreach (var message in body.Objects("messages"))
        {
            var role = message.Word("role")!;
            if (role == "tool")
            {
                RequireSame([message.Word("tool_call_id")], waiting.Take(1), "a result follows the message with its call");
                waiting.Dequeue();
                Require(message["content"] is not null, "a result has content");
            }
            else
            {
                Require(waiting.Count == 0, "every call is answered before the next message");
                Require(!isMistral || role != "user" || last != "tool", "role 'user' after role 'tool'");
                CheckChatMessage(message, role);
            }

            foreach (var call in message.Objects("tool_calls"))
            {
                RequireMatch(call.Word("id"), idPattern, "the id of a call");
                RequireMatch(call["function"].Word("name"), "^[a-zA-Z0-9_-]{1,64}$", "the name of a tool");
                Require(call["function"].Word("arguments") is { Length: > 0 }, "arguments are a text");
                ids.Add(call.Word("id"));
                waiting.Enqueue(call.Word("id"));
            }

            last = role;
        }

        Require(waiting.Count == 0, "no call is without a result");
        RequireUnique(ids, "ids");
        Require(!isMistral || last != "assistant", "the last message is not the assistant's");
    }

    private static void CheckChatMessage(JsonObject message, string role)
    {
        Require(role is "system" or "developer" or "user" or "assistant", "the role is known");
        Require(role == "assistant" || !message.ContainsKey("tool_calls"), "calls are the assistant's");
        if (role != "assistant" || !(message.ContainsKey("tool_calls") || message.ContainsKey("refusal")))
        {
            var parts = message.Objects("content");
            Require(parts.Count > 0 || !string.IsNullOrWhiteSpace(message.Word("content")), "a message says something");
        }
    }

    public static void CheckOllama(JsonObject body)
    {
        List<string?> ids = [];
        Queue<JsonObject> waiting = [];
        foreach (var message in body.Objects("messages"))
        {
            var role = message.Word("role");
            if (role == "tool")
            {
                Require(waiting.TryDequeue(out var call), "a result has a call");
                RequireSame([message.Word("tool_call_id"), message.Word("tool_name")], [call.Word("id"), call!["function"].Word("name")], "a result follows its call");
                continue;
            }

            Require(waiting.Count == 0, "every call is answered before the next message");
            Require(role is "system" or "user" or "assistant", "the role is known");
            Require(!string.IsNullOrWhiteSpace(message.Word("content")) || message.ContainsKey("images") || message.ContainsKey("tool_calls") || message.ContainsKey("thinking"), "a message says something");
            foreach (var call in message.Objects("tool_calls"))
            {
                RequireText(call["function"].Word("name"), "the name of a tool");
                Require(call["function"]!["arguments"] is JsonObject, "arguments are an object");
                ids.Add(call.Word("id"));
                waiting.Enqueue(call);
            }
        }

        Require(waiting.Count == 0, "no call is without a result");
        RequireUnique(ids, "ids");
    }

    public static void CheckResponses(JsonObject body)
    {
        var items = body.Objects("input");
        Require(items.Count > 0, "there is an item");
        List<string?> calls = [];
        List<string?> answered = [];
        for (var i = 0; i < items.Count; i++)
        {
            switch (items[i].Word("type"))
            {
                case "message":
                    CheckMessage(items[i]);
                    break;
                case "function_call":
                    RequireMatch(items[i].Word("call_id"), @"^\S.{0,63}$", "the id of a call");
                    RequireMatch(items[i].Word("name"), "^[a-zA-Z0-9_-]{1,64}$", "the name of a tool");
                    Require(items[i].Word("arguments") is { Length: > 0 }, "arguments are a text");
                    calls.Add(items[i].Word("call_id"));
                    break;
                case "computer_call":
                    calls.Add(items[i].Word("call_id"));
                    break;
                case "function_call_output" or "computer_call_output":
                    Require(calls.Contains(items[i].Word("call_id")), "an output follows its call");
                    answered.Add(items[i].Word("call_id"));
                    break;
                case "reasoning":
                    var next = items.Skip(i + 1).FirstOrDefault(item => item.Word("type") != "reasoning");
                    Require(next is not null && (next.Word("type")!.EndsWith("_call", StringComparison.Ordinal) || next.Word("role") == "assistant"), "reasoning is followed by what it led to");
                    break;
                default:
                    break;
            }
        }

        RequireUnique(calls, "ids of calls");
        RequireSameSet(answered, calls, "each call has one output");
        RequireUnique(items.Select(item => item.Word("id")).OfType<string>(), "ids of items");
    }

    private static void CheckMessage(JsonObject item)
    {
        var parts = item.Objects("content");
        Require(parts.Count > 0, "a message has content");
        foreach (var part in parts)
        {
            Require((item.Word("role") == "assistant") == (part.Word("type") is "output_text" or "refusal"), "parts fit the role");
            Require(part.Word("type") is not ("input_text" or "output_text") || !string.IsNullOrWhiteSpace(part.Word("text")), "no text is blank");
        }
    }
}
