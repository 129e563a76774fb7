using System.Text.Json;

namespace Streamline.Testing;

/// <summary>Reads what a script needs to know of a request, whichever protocol it came over. What has an unknown form is passed over.</summary>
internal sealed class RequestConversation
{
    private readonly List<string> _toolNames = [];
    private readonly List<ScriptedToolResult> _toolResults = [];

    private RequestConversation()
    {
    }

    public string? Model { get; private set; }

    public IReadOnlyList<string> ToolNames => _toolNames;

    public string LastUserText { get; private set; } = "";

    public IReadOnlyList<ScriptedToolResult> ToolResults => _toolResults;

    public static RequestConversation Read(JsonElement body)
    {
        var conversation = new RequestConversation { Model = String(body, "model") };
        foreach (var tool in Items(body, "tools"))
        {
            conversation._toolNames.AddRange(Items(tool, "functionDeclarations").Select(function => String(function, "name")).OfType<string>());

            // Chat Completions names a tool in its function, the other protocols at its top.
            if ((String(tool, "name") ?? (Member(tool, "function") is { } function ? String(function, "name") : null)) is { } name)
            {
                conversation._toolNames.Add(name);
            }
        }

        foreach (var tool in Items(Member(body, "toolConfig") ?? default, "tools"))
        {
            if (Member(tool, "toolSpec") is { } function && String(function, "name") is { } name)
            {
                conversation._toolNames.Add(name);
            }
        }

        foreach (var message in Items(body, "messages"))
        {
            conversation.Add(message);
        }

        foreach (var content in Items(body, "contents"))
        {
            conversation.AddContent(content);
        }

        conversation.AddInput(body);
        return conversation;
    }

    /// <summary>Adds the conversation of OpenAI's Responses API or of Gemini's Interactions API: a text, or items in which calls and their outputs are beside messages.</summary>
    private void AddInput(JsonElement body)
    {
        LastUserText = String(body, "input") ?? LastUserText;
        foreach (var item in Items(body, "input"))
        {
            var type = String(item, "type");
            if (String(item, "role") == "user" || type == "user_input")
            {
                AddUser(item);
            }
            else if (type == "function_result" && String(item, "call_id") is { } answered)
            {
                _toolResults.Add(new ScriptedToolResult(answered, Text(item, "result"), Member(item, "is_error") is { ValueKind: JsonValueKind.True }));
            }
            else if (type?.EndsWith("_call_output", StringComparison.Ordinal) != true)
            {
                // Whatever else is not an output of a tool comes from the model, or precedes the conversation.
                _toolResults.Clear();
            }
            else if (String(item, "call_id") is { } callId)
            {
                _toolResults.Add(new ScriptedToolResult(callId, Text(item, "output"), IsError: false));
            }
        }
    }

    private void Add(JsonElement message)
    {
        switch (String(message, "role"))
        {
            case "assistant":
                _toolResults.Clear();
                break;
            case "tool" when String(message, "tool_call_id") is { } callId:
                _toolResults.Add(new ScriptedToolResult(callId, Text(message), IsError: false));
                break;
            case "user":
                AddUser(message);
                break;
            default:
                break;
        }
    }

    private void AddUser(JsonElement message)
    {
        foreach (var block in Items(message, "content"))
        {
            if (String(block, "type") == "tool_result" && String(block, "tool_use_id") is { } callId)
            {
                _toolResults.Add(new ScriptedToolResult(callId, Text(block), Member(block, "is_error") is { ValueKind: JsonValueKind.True }));
            }
            else if (Member(block, "toolResult") is { } result && String(result, "toolUseId") is { } toolUseId)
            {
                _toolResults.Add(new ScriptedToolResult(toolUseId, Text(result), String(result, "status") == "error"));
            }
        }

        if (Text(message) is { Length: > 0 } text)
        {
            LastUserText = text;
        }
    }

    /// <summary>Adds a turn of Gemini's protocol, which answers calls by name where they have no id.</summary>
    private void AddContent(JsonElement content)
    {
        if (String(content, "role") == "model")
        {
            _toolResults.Clear();
            return;
        }

        foreach (var part in Items(content, "parts"))
        {
            if (Member(part, "functionResponse") is { } answer && (String(answer, "id") ?? String(answer, "name")) is { } callId)
            {
                var error = Member(Member(answer, "response") ?? default, "error");
                var output = error ?? Member(Member(answer, "response") ?? default, "output") ?? default;
                var text = output.ValueKind is JsonValueKind.String or JsonValueKind.Undefined ? output.ToString() : output.GetRawText();
                _toolResults.Add(new ScriptedToolResult(callId, text, error is not null));
            }
        }

        if (string.Concat(Items(content, "parts").Select(part => String(part, "text"))) is { Length: > 0 } said)
        {
            LastUserText = said;
        }
    }

    /// <summary>The content of a message or of a tool's result: a string, or blocks of which some are text. Those of Bedrock have no type.</summary>
    private static string Text(JsonElement owner, string name = "content") => String(owner, name)
        ?? string.Concat(Items(owner, name).Where(block => String(block, "type") is "text" or "input_text" or null).Select(block => String(block, "text")));

    private static JsonElement? Member(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) ? value : null;

    private static string? String(JsonElement owner, string name) =>
        Member(owner, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static JsonElement.ArrayEnumerator Items(JsonElement owner, string name) =>
        Member(owner, name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : default;
}
