using System.Text;
using System.Text.Json.Nodes;

namespace GatewaySample;

/// <summary>Puts the events of Anthropic's protocol together.</summary>
internal sealed class WholeMessage : WholeAnswer
{
    private readonly List<(JsonObject Block, string? Member, StringBuilder Text)> _blocks = [];
    private JsonObject _message = [];

    protected override void Add(JsonObject payload)
    {
        switch ((string?)payload["type"])
        {
            case "message_start":
                _message = payload["message"]!.DeepClone().AsObject();
                break;
            case "content_block_start":
                var block = payload["content_block"]!.DeepClone().AsObject();
                _blocks.Add((block, GrowingMember((string?)block["type"]), new StringBuilder()));
                break;
            case "content_block_delta":
                AddDelta(_blocks[(int)payload["index"]!], payload["delta"]!.AsObject());
                break;
            case "message_delta":
                Merge(_message, payload["delta"]);
                Merge(_message["usage"]!.AsObject(), payload["usage"]);
                break;
        }
    }

    protected override JsonObject Build()
    {
        _message["content"] = new JsonArray([.. _blocks.Select(Finish)]);
        return _message;
    }

    private static string? GrowingMember(string? type) => type switch
    {
        "text" => "text",
        "thinking" => "thinking",
        not null when type.EndsWith("tool_use", StringComparison.Ordinal) => "input",
        _ => null,
    };

    private static void AddDelta((JsonObject Block, string? Member, StringBuilder Text) open, JsonObject delta)
    {
        switch ((string?)delta["type"])
        {
            case "citations_delta":
                if (open.Block["citations"] is not JsonArray citations)
                {
                    open.Block["citations"] = citations = [];
                }

                citations.Add(delta["citation"]?.DeepClone());
                break;
            case "signature_delta":
                open.Block["signature"] = (string?)delta["signature"];
                break;
            default:
                open.Text.Append((string?)(delta["text"] ?? delta["thinking"] ?? delta["partial_json"]));
                break;
        }
    }

    private static JsonObject Finish((JsonObject Block, string? Member, StringBuilder Text) open)
    {
        if (open.Member is { } member && open.Text.Length > 0)
        {
            var text = open.Text.ToString();
            open.Block[member] = member == "input" ? ArgumentsOf(text) : text;
        }

        return open.Block;
    }

    // Arguments that the model did not finish are not an object. The protocol's documentation has this wrapper for them.
    private static JsonNode ArgumentsOf(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject ?? Wrapped(text);
        }
        catch (System.Text.Json.JsonException)
        {
            return Wrapped(text);
        }
    }

    private static JsonObject Wrapped(string text) => new() { ["INVALID_JSON"] = text };
}
