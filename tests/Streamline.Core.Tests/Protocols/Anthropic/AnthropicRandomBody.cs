using System.Text.Json.Nodes;

namespace Streamline.Tests.Protocols.Anthropic;

/// <summary>Makes a random body of a request, in the form that the writer has for what can be said in several.</summary>
internal sealed class AnthropicRandomBody(int seed)
{
    private readonly RandomBody _random = new(seed);

    public JsonObject Create()
    {
        var body = new JsonObject { ["model"] = "claude-x", ["max_tokens"] = 100, ["stream"] = true };
        _random.Set(body, "system", () => _random.Several(1, 2, Text));
        body["messages"] = Messages();
        _random.Set(body, "temperature", () => _random.Pick(0, 0.1, 0.7, 0.12345678901));
        _random.Set(body, "top_p", () => 0.95);
        _random.Set(body, "top_k", () => 40);
        _random.Set(body, "stop_sequences", () => _random.Several(0, 2, () => _random.Text()));
        if (_random.Maybe())
        {
            body["tools"] = _random.Several(1, 3, Tool);
            _random.Set(body, "tool_choice", Choice);
        }

        _random.Set(body, "thinking", Thinking);
        _random.Set(body, "output_config", OutputConfig);
        _random.Set(body, "metadata", _random.Unknown);
        _random.Set(body, "service_tier", () => "auto");
        return body;
    }

    private JsonArray Messages()
    {
        var messages = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = _random.Several(1, 3, Said) });
        for (var rounds = _random.Pick(0, 1, 2); rounds > 0; rounds--)
        {
            var calls = _random.Several(0, 2, Call);
            var answered = _random.Several(1, 4, Answered).Select(Copy);

            // A server tool's result stands with its call, and reasoning with what it led to.
            var searched = _random.Maybe() ? Search(_random.Id()) : [];
            messages.Add((JsonNode)new JsonObject { ["role"] = "assistant", ["content"] = new JsonArray([.. answered, .. searched, Text(), .. calls.Select(Copy)]) });
            var results = calls.Select(call => (JsonNode?)Result((string)call!["id"]!));
            messages.Add((JsonNode)new JsonObject { ["role"] = "user", ["content"] = new JsonArray([.. results, .. _random.Several(1, 2, Said).Select(Copy)]) });
        }

        return messages;
    }

    private static JsonNode? Copy(JsonNode? node) => node?.DeepClone();

    private JsonObject Text() => Marked(new() { ["type"] = "text", ["text"] = _random.Text() });

    private JsonNode Said() => _random.Make(Text, Image, Document, () => Marked(new() { ["type"] = "container_upload", ["file_id"] = "f" }));

    private JsonNode Answered() => _random.Make(
        () => new JsonObject { ["type"] = "text", ["text"] = _random.Text(), ["citations"] = _random.Several(1, 2, _random.Unknown) },
        Text,
        () => new JsonObject { ["type"] = "thinking", ["thinking"] = _random.Text(), ["signature"] = "sig" },
        () => new JsonObject { ["type"] = "redacted_thinking", ["data"] = "opaque" },
        () => new JsonObject { ["type"] = "not_yet_invented", ["x"] = _random.Unknown() });

    private JsonNode[] Search(string id) =>
    [
        new JsonObject { ["type"] = "server_tool_use", ["id"] = id, ["name"] = "web_search", ["input"] = _random.Unknown() },
        new JsonObject { ["type"] = "web_search_tool_result", ["tool_use_id"] = id, ["content"] = new JsonArray(_random.Unknown()) },
    ];

    private JsonObject Image() => Marked(new()
    {
        ["type"] = "image",
        ["source"] = _random.Make(
            () => new JsonObject { ["type"] = "base64", ["media_type"] = _random.Pick("image/png", "application/pdf"), ["data"] = "AQID" },
            () => new JsonObject { ["type"] = "base64", ["media_type"] = "nothing", ["data"] = "!" },
            () => new JsonObject { ["type"] = "url", ["url"] = "https://example.com/a%20b.png" },
            () => new JsonObject { ["type"] = "url", ["url"] = "HTTPS://Example.com" },
            () => new JsonObject { ["type"] = "file", ["file_id"] = "file_1" }),
    });

    private JsonObject Document()
    {
        var document = new JsonObject
        {
            ["type"] = "document",
            ["source"] = _random.Make(
                () => new JsonObject { ["type"] = "base64", ["media_type"] = _random.Pick("application/pdf", "text/plain", "image/png"), ["data"] = "AQID" },
                () => new JsonObject { ["type"] = "text", ["media_type"] = "text/plain", ["data"] = _random.Text() },
                () => new JsonObject { ["type"] = "content", ["content"] = new JsonArray(Text()) },
                () => new JsonObject { ["type"] = "file", ["file_id"] = "file_1" }),
        };
        _random.Set(document, "title", () => _random.Text());
        _random.Set(document, "citations", () => new JsonObject { ["enabled"] = true });
        return Marked(document);
    }

    private JsonNode Call()
    {
        var call = new JsonObject { ["type"] = "tool_use", ["id"] = _random.Id(), ["name"] = "f", ["input"] = _random.Make(_random.Unknown, () => new JsonObject()) };
        _random.Set(call, "caller", () => new JsonObject { ["type"] = "direct" });
        return Marked(call);
    }

    private JsonObject Result(string id)
    {
        var result = new JsonObject
        {
            ["type"] = "tool_result",
            ["tool_use_id"] = id,
            ["content"] = _random.Make(() => _random.Text(), () => "", () => _random.Several(1, 2, () => _random.Make(Text, Image))),
        };
        _random.Set(result, "is_error", () => true);
        return Marked(result);
    }

    private JsonNode Tool() => _random.Make(
        () => Marked(new() { ["name"] = "f", ["description"] = _random.Text(), ["input_schema"] = new JsonObject { ["type"] = "object" } }),
        () => new JsonObject { ["name"] = "g", ["input_schema"] = new JsonObject { ["type"] = "object", ["x"] = _random.Unknown() }, ["strict"] = true },
        () => new JsonObject { ["type"] = "custom", ["name"] = "h", ["input_schema"] = new JsonObject { ["type"] = "object" } },
        () => Marked(new() { ["type"] = "web_search_20250305", ["name"] = "web_search" }),
        () => new JsonObject { ["type"] = "bash_20250124", ["name"] = "bash" });

    private JsonNode Choice()
    {
        var choice = _random.Make(
            () => new JsonObject { ["type"] = "auto" },
            () => new JsonObject { ["type"] = "any" },
            () => new JsonObject { ["type"] = "none" },
            () => new JsonObject { ["type"] = "tool", ["name"] = "f" },
            () => new JsonObject { ["type"] = "new" });
        _random.Set(choice.AsObject(), "disable_parallel_tool_use", () => _random.Maybe());
        return choice;
    }

    private JsonNode Thinking() => _random.Make(
        () => new JsonObject { ["type"] = "enabled", ["budget_tokens"] = 2000 },
        () => new JsonObject { ["type"] = "disabled" },
        () => new JsonObject { ["type"] = "adaptive" },
        () => new JsonObject { ["type"] = "adaptive", ["display"] = _random.Pick("omitted", "summarized", "full") });

    private JsonObject OutputConfig()
    {
        var output = new JsonObject();
        _random.Set(output, "effort", () => _random.Pick("low", "medium", "high", "xhigh", "max"));
        _random.Set(output, "format", () => new JsonObject { ["type"] = "json_schema", ["schema"] = new JsonObject { ["type"] = "object" } });
        return output;
    }

    private JsonObject Marked(JsonObject block)
    {
        _random.Set(block, "cache_control", () => new JsonObject { ["type"] = "ephemeral" }, chance: 0.2);
        return block;
    }
}
