using System.Text.Json.Nodes;
using Streamline.Protocols.OpenAIResponses;

namespace Streamline.Tests.Protocols.OpenAIResponses;

/// <summary>Makes a random body of a request, in the form that the writer has for what can be said in several.</summary>
internal sealed class OpenAIResponsesRandomBody(int seed)
{
    private readonly RandomBody _random = new(seed);

    public JsonObject Create()
    {
        var body = new JsonObject { ["model"] = "gpt-x", ["input"] = Input(), ["stream"] = true };
        _random.Set(body, "instructions", () => _random.Text());
        _random.Set(body, "max_output_tokens", () => 100);
        _random.Set(body, "temperature", () => _random.Pick(0, 0.1, 0.7, 0.12345678901));
        _random.Set(body, "top_p", () => 0.95);
        _random.Set(body, _random.Pick("previous_response_id", "conversation"), () => "conv_1", chance: 0.2);
        if (body.ContainsKey("previous_response_id"))
        {
            body["previous_response_id"] = "resp_1";
        }

        _random.Set(body, "conversation", () => new JsonObject { ["id"] = "conv_1" }, chance: body.ContainsKey("previous_response_id") ? 0 : 0.2);
        _random.Set(body, "background", () => _random.Maybe(), chance: 0.2);
        if (_random.Maybe())
        {
            body["tools"] = _random.Several(1, 3, Tool);
        }

        _random.Set(body, "tool_choice", Choice);
        _random.Set(body, "parallel_tool_calls", () => _random.Maybe());
        _random.Set(body, "text", Text);
        _random.Set(body, "reasoning", Reasoning);
        _random.Set(body, "metadata", _random.Unknown);
        _random.Set(body, "store", () => _random.Maybe());

        // Nothing to include is as good as nothing said, and what the writer needs to say so.
        _random.Set(body, "include", () => new JsonArray("reasoning.encrypted_content"), chance: 0.5);
        if (!body.ContainsKey("include") && body.ContainsKey("reasoning") && body["store"]?.GetValue<bool>() == false)
        {
            body["include"] = new JsonArray();
        }

        // Other reasoning is not found where nothing is kept.
        foreach (var reasoning in ItemsWhereNothingIsKept(body).Where(item => item["type"]?.GetValue<string>() == "reasoning"))
        {
            reasoning["encrypted_content"] = "opaque";
        }

        return body;
    }

    /// <summary>Leaves out the ids that the provider does not need: none of those here begins as it wants.</summary>
    public static JsonObject WithoutUnknownIds(JsonObject body)
    {
        var copy = body.DeepClone().AsObject();
        foreach (var item in copy["input"] is JsonArray input ? input.OfType<JsonObject>() : [])
        {
            if (!OpenAIResponsesItemTypes.RequiresId(item["type"]?.GetValue<string>() ?? "message") || item.ContainsKey("encrypted_content"))
            {
                item.Remove("id");
            }
        }

        return copy;
    }

    private static IEnumerable<JsonObject> ItemsWhereNothingIsKept(JsonObject body) =>
        body["store"]?.GetValue<bool>() == false && body["input"] is JsonArray input ? input.OfType<JsonObject>() : [];

    private JsonArray Input()
    {
        var input = new JsonArray();
        for (var rounds = _random.Pick(1, 2, 3); rounds > 0; rounds--)
        {
            input.Add((JsonNode)new JsonObject { ["type"] = "message", ["role"] = _random.Pick("user", "user", "system", "developer"), ["content"] = _random.Several(1, 3, Said) });
            foreach (var item in _random.Several(0, 3, Answered))
            {
                input.Add(item!.DeepClone());
            }

            // Reasoning is taken only with what it led to.
            input.Add((JsonNode)Message());
            var calls = _random.Several(0, 2, Call);
            foreach (var call in calls)
            {
                input.Add(call!.DeepClone());
            }

            foreach (var call in calls)
            {
                input.Add((JsonNode)Output(call!));
            }
        }

        return input;
    }

    private JsonNode Said() => _random.Make(
        () => new JsonObject { ["type"] = "input_text", ["text"] = _random.Text() },
        () => new JsonObject { ["type"] = "input_image", ["image_url"] = _random.Pick("data:image/png;base64,AQID", "https://example.com/a%20b.png", "nowhere"), ["detail"] = "auto" },
        () => new JsonObject { ["type"] = "input_image", ["file_id"] = "f" },
        () => new JsonObject { ["type"] = "input_file", ["file_id"] = "f" },
        () => new JsonObject { ["type"] = "input_file", ["file_url"] = "https://example.com/a.pdf" },
        () => new JsonObject { ["type"] = "input_file", ["filename"] = "a", ["file_data"] = _random.Pick("data:application/pdf;base64,AQID", "AQID") },
        () => new JsonObject { ["type"] = "input_audio", ["x"] = _random.Unknown() });

    private JsonObject Message() => new()
    {
        ["type"] = "message",
        ["role"] = "assistant",
        ["id"] = _random.Id(),
        ["status"] = "completed",
        ["content"] = _random.Several(1, 3, () => _random.Make(
            () => new JsonObject { ["type"] = "output_text", ["text"] = _random.Text(), ["annotations"] = _random.Several(0, 2, _random.Unknown) },
            () => new JsonObject { ["type"] = "refusal", ["refusal"] = _random.Text() },
            () => new JsonObject { ["type"] = "not_yet_invented", ["x"] = _random.Unknown() })),
    };

    private JsonNode Answered() => _random.Make(
        Message,
        () => new JsonObject { ["type"] = "message", ["role"] = "assistant", ["content"] = new JsonArray(new JsonObject { ["type"] = "output_text", ["text"] = "Hi", ["annotations"] = new JsonArray() }) },
        ReasoningItem,
        () => new JsonObject { ["type"] = "web_search_call", ["id"] = _random.Id(), ["status"] = "completed", ["action"] = _random.Unknown() },
        () => new JsonObject { ["type"] = "item_reference", ["id"] = _random.Id() },
        () => new JsonObject { ["type"] = "not_yet_invented", ["x"] = _random.Unknown() });

    private JsonObject ReasoningItem()
    {
        var item = new JsonObject
        {
            ["type"] = "reasoning",
            ["id"] = _random.Id(),
            ["summary"] = _random.Several(0, 2, () => new JsonObject { ["type"] = "summary_text", ["text"] = _random.Text() }),
        };
        _random.Set(item, "content", () => _random.Several(1, 2, () => new JsonObject { ["type"] = "reasoning_text", ["text"] = _random.Text() }));
        _random.Set(item, "encrypted_content", () => "opaque");
        return item;
    }

    private JsonNode Call()
    {
        var call = _random.Make(
            () => new JsonObject { ["type"] = "function_call", ["arguments"] = _random.Pick("{}", "{ \"x\" : 1 }", """{"y":["{broken"]}""") },
            () => new JsonObject { ["type"] = "custom_tool_call", ["input"] = _random.Text() });
        call["call_id"] = _random.Id();
        call["name"] = "f";
        call["status"] = _random.Pick("completed", "incomplete");
        _random.Set(call.AsObject(), "id", () => _random.Id());
        return call;
    }

    private JsonObject Output(JsonNode call) => new()
    {
        ["type"] = (string)call["type"]! + "_output",
        ["call_id"] = (string)call["call_id"]!,
        ["output"] = _random.Make(() => _random.Text(), () => "", () => _random.Several(1, 2, Said)),
    };

    private JsonNode Tool() => _random.Make(
        () => new JsonObject { ["type"] = "function", ["name"] = "f", ["description"] = _random.Text(), ["parameters"] = new JsonObject { ["type"] = "object" } },
        () => new JsonObject { ["type"] = "function", ["name"] = "g", ["parameters"] = new JsonObject { ["type"] = "object" }, ["strict"] = _random.Maybe() },
        () => new JsonObject { ["type"] = "web_search", ["search_context_size"] = "low" },
        () => new JsonObject { ["type"] = "custom", ["name"] = "c" },
        () => new JsonObject { ["type"] = "mcp", ["server_label"] = "s", ["server_url"] = "https://example.com" });

    private JsonNode Choice() => _random.Make(
        () => "auto",
        () => "none",
        () => "required",
        () => "new",
        () => new JsonObject { ["type"] = "function", ["name"] = "f" },
        () => new JsonObject { ["type"] = "web_search" });

    private JsonObject Text()
    {
        var text = new JsonObject
        {
            ["format"] = _random.Make(
                () => new JsonObject { ["type"] = "text" },
                () => new JsonObject { ["type"] = "json_object" },
                () => new JsonObject { ["type"] = "json_schema", ["name"] = "s", ["schema"] = new JsonObject { ["type"] = "object" } },
                () => new JsonObject { ["type"] = "json_schema", ["name"] = "s", ["description"] = "d", ["schema"] = new JsonObject { ["type"] = "object" }, ["strict"] = true },
                () => new JsonObject { ["type"] = "grammar" }),
        };
        _random.Set(text, "verbosity", () => "low");
        return text;
    }

    private JsonObject Reasoning()
    {
        var reasoning = new JsonObject();
        _random.Set(reasoning, "effort", () => _random.Pick("none", "minimal", "low", "medium", "high", "xhigh"));
        _random.Set(reasoning, "summary", () => _random.Pick("auto", "concise", "detailed"));
        return reasoning;
    }
}
