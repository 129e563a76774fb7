using System.Text.Json.Nodes;
using static Streamline.Tests.Protocols.Conversations.BodyRules;

namespace Streamline.Tests.Protocols.Conversations;

/// <summary>The rules of providers with alternating turns: Anthropic's Messages, Bedrock's Converse, Gemini.</summary>
internal static class TurnBodyRules
{
    public static void CheckAnthropic(JsonObject body, bool refusesPrefill)
    {
        var messages = body.Objects("messages");
        CheckTurns(messages, "content", "assistant");
        foreach (var block in body.Objects("system"))
        {
            RequireText(block.Word("text"), "a system block");
        }

        List<string?> ids = [];
        List<string?> waiting = [];
        List<string?> open = [];
        for (var i = 0; i < messages.Count; i++)
        {
            var blocks = messages[i].Objects("content");
            var isUser = messages[i].Word("role") == "user";
            var results = blocks.TakeWhile(block => block.Word("type") == "tool_result").Select(block => block.Word("tool_use_id")).ToList();
            Require(isUser || results.Count == 0, "results are the user's");
            Require(blocks.Skip(results.Count).All(block => block.Word("type") != "tool_result"), "results come first");
            RequireSameSet(results, waiting, "each tool_use has one tool_result in the next message");
            waiting = [];
            foreach (var block in blocks)
            {
                CheckAnthropicBlock(block, isUser, waiting, ids, open);
            }

            var isLastTurn = messages.Skip(i + 1).All(later => later.Objects("content").All(block => block.Word("type") == "tool_result"));
            Require(isLastTurn || open.Count == 0, "a server tool's call needs its result");
            Require(isUser || blocks[^1].Word("type") is not ("thinking" or "redacted_thinking"), "the last block of an answer is not thinking");
        }

        Require(waiting.Count == 0, "no call is without a result");
        RequireUnique(ids, "ids");
        CheckPrefill(messages[^1], refusesPrefill, messages[^1].Objects("content")[^1] is var last && last.Word("type") == "text" ? last.Word("text") : null);
    }

    private static void CheckAnthropicBlock(JsonObject block, bool isUser, List<string?> waiting, List<string?> ids, List<string?> open)
    {
        switch (block.Word("type"))
        {
            case "text":
                RequireText(block.Word("text"), "a text block");
                break;
            case "tool_use":
                Require(!isUser, "calls are the assistant's");
                RequireMatch(block.Word("id"), "^[a-zA-Z0-9_-]+$", "the id of a call");
                RequireMatch(block.Word("name"), "^[a-zA-Z0-9_-]{1,128}$", "the name of a tool");
                Require(block["input"] is JsonObject, "input is an object");
                waiting.Add(block.Word("id"));
                ids.Add(block.Word("id"));
                break;
            case "tool_result":
                foreach (var part in block.Objects("content").Where(part => part.Word("type") == "text"))
                {
                    RequireText(part.Word("text"), "a text block of a result");
                }

                break;
            case "thinking" or "redacted_thinking":
                Require(!isUser, "thinking is the assistant's");
                break;
            case "server_tool_use":
                Require(!isUser, "a server tool's calls are the assistant's");
                ids.Add(block.Word("id"));
                open.Add(block.Word("id"));
                break;
            case "web_search_tool_result":
                Require(open.Remove(block.Word("tool_use_id")), "a server tool's result follows its call");
                break;
            default:
                break;
        }
    }

    public static void CheckBedrock(JsonObject body, bool refusesPrefill)
    {
        var messages = body.Objects("messages");
        CheckTurns(messages, "content", "assistant");
        List<string?> ids = [];
        List<string?> waiting = [];
        List<string?> open = [];
        for (var i = 0; i < messages.Count; i++)
        {
            var blocks = messages[i].Objects("content");
            var isUser = messages[i].Word("role") == "user";
            RequireSameSet(isUser ? blocks.Select(block => block["toolResult"].Word("toolUseId")).OfType<string>() : [], waiting, "each toolUse has one toolResult in the next turn");
            waiting = [];
            foreach (var block in blocks)
            {
                Require(block.Count == 1, "a block is a union");
                Require(!block.ContainsKey("text") || !string.IsNullOrWhiteSpace(block.Word("text")), "no text is blank");
                CheckBedrockTool(block, isUser, waiting, ids, open);
            }

            var isLastTurn = messages.Skip(i + 1).All(later => later.Objects("content").All(block => block.ContainsKey("toolResult")));
            Require(isLastTurn || open.Count == 0, "a server tool's call needs its result");
            Require(isUser || !blocks[^1].ContainsKey("reasoningContent"), "the last block of an answer is not reasoning");
        }

        Require(waiting.Count == 0, "no call is without a result");
        RequireUnique(ids, "ids");
        CheckPrefill(messages[^1], refusesPrefill, messages[^1].Objects("content")[^1].Word("text"));
    }

    private static void CheckBedrockTool(JsonObject block, bool isUser, List<string?> waiting, List<string?> ids, List<string?> open)
    {
        if (block["toolUse"] is { } call)
        {
            Require(!isUser, "calls are the assistant's");
            RequireMatch(call.Word("toolUseId"), "^[a-zA-Z0-9_.:-]{1,64}$", "the id of a call");
            RequireMatch(call.Word("name"), "^[a-zA-Z0-9_-]{1,64}$", "the name of a tool");
            Require(call["input"] is JsonObject, "input is an object");
            (call.Word("type") is null ? waiting : open).Add(call.Word("toolUseId"));
            ids.Add(call.Word("toolUseId"));
        }
        else if (block["toolResult"] is { } result)
        {
            var contents = result.Objects("content");
            Require(contents.Count > 0 && contents.All(content => !content.ContainsKey("text") || !string.IsNullOrWhiteSpace(content.Word("text"))), "a result has content, and no blank text");
            Require(isUser || open.Remove(result.Word("toolUseId")), "a server tool's result follows its call");
        }
    }

    public static void CheckGemini(JsonObject body, bool refusesPrefill)
    {
        var contents = body.Objects("contents");
        Require(contents.Count > 0 && contents[0].Word("role") == "user", "the first turn is the user's");
        List<JsonObject> waiting = [];
        foreach (var content in contents)
        {
            var parts = content.Objects("parts");
            Require(parts.Count > 0, "a turn has parts");
            var responses = parts.Select(part => part["functionResponse"]?.AsObject()).OfType<JsonObject>().ToList();
            RequireSame(responses.Select(response => response.Word("name")), waiting.Select(call => call.Word("name")), "as many functionResponses as functionCalls, in order");
            RequireSame(responses.Select(response => response.Word("id")), waiting.Select(call => call.Word("id")), "the id of a call is echoed");
            Require(responses.Count == 0 || responses.Count == parts.Count, "responses are a turn of their own");
            Require(responses.All(response => response["response"] is JsonObject), "a response is an object");
            waiting = [.. parts.Select(part => part["functionCall"]?.AsObject()).OfType<JsonObject>()];
            Require(waiting.Count == 0 || content.Word("role") == "model", "calls are the model's");
            foreach (var call in waiting)
            {
                RequireMatch(call.Word("name"), "^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$", "the name of a function");
                Require(call["args"] is null or JsonObject, "args is an object");
            }

            Require(parts.All(part => part.Word("text") is not { } text || part.ContainsKey("thoughtSignature") || !string.IsNullOrWhiteSpace(text)), "no text is blank");
        }

        var models = contents.Select(content => content.Word("role") == "model").ToList();
        Require(!models.Zip(models.Skip(1)).Any(pair => pair is { First: true, Second: true }), "a turn with calls directly follows one of the user");
        Require(waiting.Count == 0, "no call is without a response");
        RequireUnique(contents.SelectMany(content => content.Objects("parts")).Select(part => part["functionCall"].Word("id")).OfType<string>(), "ids");
        Require(!refusesPrefill || !models[^1], "the model does not take the last turn");
    }

    private static void CheckTurns(IReadOnlyList<JsonObject> messages, string contents, string assistant)
    {
        Require(messages.Count > 0 && messages[0].Word("role") == "user", "the first message is the user's");
        for (var i = 0; i < messages.Count; i++)
        {
            Require(messages[i].Word("role") == (i % 2 == 0 ? "user" : assistant), "roles alternate");
            Require(messages[i].Objects(contents).Count > 0, "a message has content");
        }
    }

    private static void CheckPrefill(JsonObject last, bool refusesPrefill, string? text)
    {
        var isPrefill = last.Word("role") == "assistant" && text is not null;
        Require(!isPrefill || !refusesPrefill, "the model supports no prefill");
        Require(!isPrefill || text == text!.TrimEnd(), "a prefill does not end with white space");
    }
}
