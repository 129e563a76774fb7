using System.Text.Json.Nodes;

namespace Streamline.Tests.Protocols.OpenAIChat;

/// <summary>Makes a random body of a request, in the form that the writer has for what can be said in several.</summary>
internal sealed class OpenAIChatRandomBody(int seed)
{
    private readonly RandomBody _random = new(seed);

    public JsonObject Create()
    {
        var body = new JsonObject
        {
            ["model"] = "gpt-x",
            ["messages"] = Messages(),
            ["stream"] = true,
            ["stream_options"] = new JsonObject { ["include_usage"] = true },
        };
        _random.Set(body, _random.Pick("max_tokens", "max_completion_tokens"), () => 100);
        _random.Set(body, "temperature", () => _random.Pick(0, 0.1, 0.7, 0.12345678901));
        _random.Set(body, "top_p", () => 0.95);
        _random.Set(body, "frequency_penalty", () => -0.5);
        _random.Set(body, "presence_penalty", () => 1.5);
        _random.Set(body, "seed", () => _random.Pick(1, -7, 0.5));
        _random.Set(body, "stop", () => _random.Several(0, 2, () => _random.Text()));
        if (_random.Maybe())
        {
            body["tools"] = _random.Several(1, 3, Tool);
        }

        _random.Set(body, "tool_choice", Choice);
        _random.Set(body, "parallel_tool_calls", () => _random.Maybe());
        _random.Set(body, "response_format", ResponseFormat);
        _random.Set(body, "reasoning_effort", () => _random.Pick("none", "minimal", "low", "medium", "high", "xhigh"));
        _random.Set(body, "metadata", _random.Unknown);
        _random.Set(body, "n", () => 2);
        return body;
    }

    private JsonArray Messages()
    {
        var messages = new JsonArray();
        if (_random.Maybe())
        {
            messages.Add((JsonNode)WithRest(new() { ["role"] = _random.Pick("system", "developer"), ["content"] = _random.Make(() => _random.Text(), () => _random.Several(1, 2, MarkedText)) }));
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

    private JsonObject User()
    {
        // One plain part alone is written as a string.
        var parts = new JsonArray(Image(), Part(), Part());
        var user = new JsonObject { ["role"] = "user", ["content"] = _random.Make(() => _random.Text(), () => parts) };
        _random.Set(user, "name", () => "Ann");
        return WithRest(user);
    }

    private JsonObject Assistant(JsonArray calls)
    {
        var message = new JsonObject { ["role"] = "assistant" };
        message["content"] = calls.Count > 0 && _random.Maybe() ? null : _random.Make(() => _random.Text(), () => _random.Several(1, 2, MarkedText));
        if (calls.Count > 0)
        {
            message["tool_calls"] = calls;
            _random.Set(message, _random.Pick("reasoning", "reasoning_content"), () => _random.Text());
        }
        else if (_random.Maybe())
        {
            _random.Set(message, "reasoning_details", () => _random.Several(1, 2, Detail));
        }
        else
        {
            _random.Set(message, "thinking_blocks", () => _random.Several(1, 2, ThinkingBlock));
        }

        _random.Set(message, "refusal", () => _random.Text());
        return WithRest(message);
    }

    private JsonNode Detail() => _random.Make(
        () => new JsonObject { ["type"] = "reasoning.text", ["text"] = _random.Text(), ["signature"] = "sig", ["index"] = 0 },
        () => new JsonObject { ["type"] = "reasoning.summary", ["summary"] = _random.Text(), ["format"] = "f" },
        () => new JsonObject { ["type"] = "reasoning.encrypted", ["data"] = "opaque" });

    private JsonNode ThinkingBlock() => _random.Make(
        () => new JsonObject { ["type"] = "thinking", ["thinking"] = _random.Text(), ["signature"] = "sig" },
        () => new JsonObject { ["type"] = "redacted_thinking", ["data"] = "opaque" });

    private JsonNode Call()
    {
        var call = _random.Make(
            () => new JsonObject { ["type"] = "function", ["function"] = new JsonObject { ["name"] = "f", ["arguments"] = _random.Pick("{}", "{ \"x\" : 1 }", """{"y":["{broken"]}""") } },
            () => new JsonObject { ["type"] = "custom", ["custom"] = new JsonObject { ["name"] = "f", ["input"] = _random.Text() } });
        call["id"] = _random.Id();
        _random.Set(call.AsObject(), "extra_content", _random.Unknown, chance: 0.2);
        return call;
    }

    private JsonObject Result(string id)
    {
        var result = new JsonObject
        {
            ["role"] = "tool",
            ["tool_call_id"] = id,
            ["content"] = _random.Make(() => _random.Text(), () => " ", () => _random.Several(1, 2, MarkedText)),
        };
        _random.Set(result, "cache_control", () => new JsonObject { ["type"] = "ephemeral" }, chance: 0.2);
        return result;
    }

    private JsonNode MarkedText() => new JsonObject { ["type"] = "text", ["text"] = _random.Text(), ["cache_control"] = new JsonObject { ["type"] = "ephemeral" } };

    private JsonNode Part() => _random.Make(
        MarkedText,
        Image,
        () => new JsonObject { ["type"] = "text", ["text"] = _random.Text() },
        () => new JsonObject { ["type"] = "input_audio", ["input_audio"] = new JsonObject { ["data"] = "AQID", ["format"] = _random.Pick("wav", "mp3", "flac") } },
        () => new JsonObject { ["type"] = "file", ["file"] = new JsonObject { ["file_id"] = "f" } },
        () => new JsonObject { ["type"] = "file", ["file"] = new JsonObject { ["filename"] = "a", ["file_data"] = _random.Pick("data:application/pdf;base64,AQID", "data:image/png;base64,AQID", "AQID") } },
        () => new JsonObject { ["type"] = "not_yet_invented", ["x"] = _random.Unknown() });

    private JsonObject Image()
    {
        var image = new JsonObject { ["url"] = _random.Pick("data:image/png;base64,AQID", "data:text/plain;base64,AQID", "https://example.com/a%20b.png", "HTTPS://Example.com", "nowhere") };
        _random.Set(image, "detail", () => "low");
        return new JsonObject { ["type"] = "image_url", ["image_url"] = image };
    }

    private JsonNode Tool() => _random.Make(
        () => new JsonObject { ["type"] = "function", ["function"] = new JsonObject { ["name"] = "f", ["description"] = _random.Text(), ["parameters"] = new JsonObject { ["type"] = "object" } } },
        () => new JsonObject { ["type"] = "function", ["function"] = new JsonObject { ["name"] = "g", ["parameters"] = new JsonObject { ["type"] = "object" }, ["strict"] = _random.Maybe() } },
        () => new JsonObject { ["type"] = "function", ["function"] = new JsonObject { ["name"] = "h", ["parameters"] = new JsonObject { ["type"] = "object" } }, ["cache_control"] = _random.Unknown() },
        () => new JsonObject { ["type"] = "custom", ["custom"] = new JsonObject { ["name"] = "c" } });

    private JsonNode Choice() => _random.Make(
        () => "auto",
        () => "none",
        () => "required",
        () => "new",
        () => new JsonObject { ["type"] = "function", ["function"] = new JsonObject { ["name"] = "f" } },
        () => new JsonObject { ["type"] = "custom", ["custom"] = new JsonObject { ["name"] = "c" } });

    private JsonNode ResponseFormat()
    {
        var schema = new JsonObject { ["name"] = "s", ["schema"] = new JsonObject { ["type"] = "object" } };
        _random.Set(schema, "description", () => _random.Text());
        _random.Set(schema, "strict", () => _random.Maybe());
        return _random.Make(
            () => new JsonObject { ["type"] = "text" },
            () => new JsonObject { ["type"] = "json_object" },
            () => new JsonObject { ["type"] = "json_schema", ["json_schema"] = schema },
            () => new JsonObject { ["type"] = "grammar", ["grammar"] = _random.Unknown() });
    }

    private JsonObject WithRest(JsonObject message)
    {
        _random.Set(message, "prefix", () => true, chance: 0.2);
        return message;
    }
}
