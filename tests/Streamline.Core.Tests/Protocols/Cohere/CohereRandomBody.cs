using System.Text.Json.Nodes;

namespace Streamline.Tests.Protocols.Cohere;

/// <summary>Makes a random body of a request, in the form that the writer has for what can be said in several.</summary>
internal sealed class CohereRandomBody(int seed)
{
    private readonly RandomBody _random = new(seed);

    public JsonObject Create()
    {
        var body = new JsonObject { ["model"] = "command-x", ["messages"] = Messages(), ["stream"] = true };
        _random.Set(body, "max_tokens", () => 100);
        _random.Set(body, "temperature", () => _random.Pick(0, 0.1, 0.7, 0.12345678901));
        _random.Set(body, "p", () => 0.95);
        _random.Set(body, "k", () => 40);
        _random.Set(body, "frequency_penalty", () => 0.5);
        _random.Set(body, "presence_penalty", () => 0.25);
        _random.Set(body, "seed", () => _random.Pick(1, 0.5, 18446744073709551615d));
        _random.Set(body, "stop_sequences", () => _random.Several(0, 2, () => _random.Text()));
        if (_random.Maybe())
        {
            body["tools"] = _random.Several(1, 3, Tool);
        }

        _random.Set(body, "strict_tools", () => _random.Maybe());
        _random.Set(body, "tool_choice", () => _random.Pick("REQUIRED", "NONE", "NOVEL"));
        _random.Set(body, "response_format", ResponseFormat);
        _random.Set(body, "thinking", () => _random.Make(() => new JsonObject { ["type"] = "disabled" }, () => new JsonObject { ["type"] = "enabled" }, () => new JsonObject { ["token_budget"] = 500 }));
        _random.Set(body, "documents", () => _random.Several(0, 2, () => _random.Make(() => _random.Text(), () => new JsonObject { ["id"] = "d", ["data"] = _random.Unknown() })));
        _random.Set(body, "citation_options", () => new JsonObject { ["mode"] = "FAST" });
        _random.Set(body, "safety_mode", () => "STRICT");
        return body;
    }

    private JsonArray Messages()
    {
        var messages = new JsonArray();
        if (_random.Maybe())
        {
            messages.Add((JsonNode)WithRest(new() { ["role"] = "system", ["content"] = _random.Make(() => _random.Text(), () => _random.Several(1, 2, MarkedText)) }));
        }

        for (var rounds = _random.Pick(1, 2, 3); rounds > 0; rounds--)
        {
            messages.Add((JsonNode)User());
            var calls = _random.Several(0, 2, Call);
            messages.Add((JsonNode)Assistant(calls));
            foreach (var call in calls)
            {
                messages.Add((JsonNode)Result((string)call!["id"]!));
            }
        }

        return messages;
    }

    // One plain content alone is written as a string.
    private JsonObject User() => WithRest(new()
    {
        ["role"] = "user",
        ["content"] = _random.Make(() => _random.Text(), () => new JsonArray(Image(), Plain("text"), MarkedText())),
    });

    private JsonObject Assistant(JsonArray calls)
    {
        var message = new JsonObject { ["role"] = "assistant" };
        if (calls.Count > 0)
        {
            message["tool_calls"] = calls;
            _random.Set(message, "tool_plan", () => _random.Text());
        }

        if (calls.Count == 0 || _random.Maybe())
        {
            message["content"] = _random.Make(() => _random.Text(), () => new JsonArray(Plain("thinking"), Plain("text")), () => _random.Several(1, 2, MarkedText));
        }

        _random.Set(message, "citations", () => _random.Several(1, 2, () => new JsonObject { ["start"] = 0, ["end"] = 1, ["text"] = _random.Text() }));
        return WithRest(message);
    }

    private JsonNode Call()
    {
        var call = new JsonObject { ["id"] = _random.Id(), ["type"] = "function", ["function"] = new JsonObject { ["name"] = "f", ["arguments"] = _random.Pick("{}", "{ \"x\" : 1 }") } };
        _random.Set(call, "novel", _random.Unknown, chance: 0.2);
        return call;
    }

    private JsonObject Result(string id) => WithRest(new()
    {
        ["role"] = "tool",
        ["tool_call_id"] = id,
        ["content"] = _random.Make(
            () => _random.Text(),
            () => _random.Several(1, 2, () => new JsonObject { ["type"] = "document", ["document"] = new JsonObject { ["data"] = _random.Text() } }),
            () => new JsonArray(Plain("text"), MarkedText())),
    });

    private JsonObject Plain(string type) => new() { ["type"] = type, [type] = _random.Text() };

    private JsonNode MarkedText() => new JsonObject { ["type"] = "text", ["text"] = _random.Text(), ["novel"] = 1 };

    private JsonObject Image()
    {
        var image = new JsonObject { ["url"] = _random.Pick("data:image/png;base64,AQID", "data:text/plain;base64,AQID", "https://example.com/a%20b.png", "HTTPS://Example.com", "nowhere") };
        _random.Set(image, "detail", () => "low");
        return new JsonObject { ["type"] = "image_url", ["image_url"] = image };
    }

    private JsonNode Tool() => _random.Make(
        () => new JsonObject { ["type"] = "function", ["function"] = new JsonObject { ["name"] = "f", ["description"] = _random.Text(), ["parameters"] = new JsonObject { ["type"] = "object" } } },
        () => new JsonObject { ["type"] = "function", ["function"] = new JsonObject { ["name"] = "g", ["parameters"] = new JsonObject { ["type"] = "object" }, ["novel"] = _random.Maybe() } },
        () => new JsonObject { ["type"] = "novel", ["x"] = _random.Unknown() });

    private JsonNode ResponseFormat() => _random.Make(
        () => new JsonObject { ["type"] = "text" },
        () => new JsonObject { ["type"] = "json_object" },
        () => new JsonObject { ["type"] = "json_object", ["json_schema"] = new JsonObject { ["type"] = "object" } },
        () => new JsonObject { ["type"] = "grammar", ["grammar"] = _random.Unknown() });

    private JsonObject WithRest(JsonObject message)
    {
        _random.Set(message, "novel", () => true, chance: 0.2);
        return message;
    }
}
