using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Streamline.Tests.Protocols.OpenAIResponses;

/// <summary>
/// A second, plain reading of a recorded stream with <see cref="JsonDocument"/>: the output that its last event gives whole, and beside it what its
/// deltas say. It shares no code with the decoder.
/// </summary>
internal sealed class OpenAIResponsesOracle
{
    private readonly Dictionary<(string Type, int Item, int Part), StringBuilder> _deltas = [];
    private readonly SortedDictionary<int, JsonElement> _items = [];

    private OpenAIResponsesOracle()
    {
    }

    public JsonElement Response { get; private set; }

    public bool IsWhole => Response.ValueKind == JsonValueKind.Object;

    public int Annotations { get; private set; }

    public IEnumerable<JsonElement> Output => Response.GetProperty("output").EnumerateArray();

    /// <summary>Reads a file; <see langword="null"/> when it is not a stream of this wire.</summary>
    public static OpenAIResponsesOracle? TryRead(byte[] file)
    {
        var oracle = new OpenAIResponsesOracle();
        var isOfWire = false;
        foreach (var line in Encoding.UTF8.GetString(file).ReplaceLineEndings("\n").Split('\n'))
        {
            if (!line.StartsWith("data:", StringComparison.Ordinal) || TryParse(line[5..]) is not { } payload || Text(payload, "type") is not { } type)
            {
                continue;
            }

            isOfWire |= type.StartsWith("response.", StringComparison.Ordinal);
            oracle.Read(type, payload);
        }

        return isOfWire ? oracle : null;
    }

    /// <summary>All text of the deltas of a type, in the order of items and parts.</summary>
    public string Deltas(string type) =>
        string.Concat(_deltas.Where(pair => pair.Key.Type == type + ".delta").OrderBy(pair => pair.Key.Item).ThenBy(pair => pair.Key.Part).Select(pair => pair.Value));

    /// <summary>All text of parts of a type in the whole output.</summary>
    public string Parts(string type) => string.Concat(Output.SelectMany(item => Items(item, "summary").Concat(Items(item, "content")))
        .Where(part => Text(part, "type") == type)
        .Select(part => Text(part, "text") ?? Text(part, "refusal")));

    /// <summary>The calls that the application answers.</summary>
    public IEnumerable<(string? CallId, string? Name, string? Arguments)> Calls => Output
        .Where(item => Text(item, "type") is "function_call" or "custom_tool_call")
        .Select(item => (Text(item, "call_id"), Text(item, "name"), Text(item, "arguments") ?? Text(item, "input")));

    public long? Count(params string[] path)
    {
        JsonElement value = Response;
        foreach (var name in path.Prepend("usage"))
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
            {
                return null;
            }
        }

        return value.ValueKind == JsonValueKind.Number ? value.GetInt64() : null;
    }

    /// <summary>Tells whether the model waits for something that the application has to do.</summary>
    public bool IsAwaitingAnswer => Calls.Any() || Output.Any(item => Text(item, "type") == "tool_search_call" && Text(item, "execution") == "client");

    /// <summary>
    /// The output as the next request has to bring it back: all of it but the probabilities, which are no part of the conversation. The items are those of
    /// their own last events, for the provider encrypts anew with each mention of an item.
    /// </summary>
    public JsonArray ExpectedInput()
    {
        var output = new JsonArray([.. _items.Values.Select(item => JsonNode.Parse(item.GetRawText()))]);
        var hasReasoning = false;
        foreach (var item in output.OfType<JsonObject>())
        {
            // Elsewhere the provider refuses the id, or asks for the reasoning that belongs to it.
            var type = item["type"]!.GetValue<string>();
            hasReasoning |= type == "reasoning";
            var prefix = type switch { "message" => "msg_", "function_call" => "fc_", "web_search_call" => "ws_", "tool_search_call" => "tsc_", _ => null };
            if (prefix is not null && !(hasReasoning && item["id"]!.GetValue<string>().StartsWith(prefix, StringComparison.Ordinal)))
            {
                item.Remove("id");
            }
        }

        foreach (var part in output.SelectMany(item => item!["content"] as JsonArray ?? []).OfType<JsonObject>())
        {
            part.Remove("logprobs");
        }

        return output;
    }

    private void Read(string type, JsonElement payload)
    {
        if (type is "response.completed" or "response.incomplete")
        {
            Response = payload.GetProperty("response");
        }
        else if (type == "response.output_item.done")
        {
            _items[payload.GetProperty("output_index").GetInt32()] = payload.GetProperty("item");
        }
        else if (type == "response.output_text.annotation.added")
        {
            Annotations++;
        }
        else if (type.EndsWith(".delta", StringComparison.Ordinal) && Text(payload, "delta") is { } delta)
        {
            var key = (type, payload.GetProperty("output_index").GetInt32(), Number(payload, "content_index") ?? Number(payload, "summary_index") ?? 0);
            if (!_deltas.TryGetValue(key, out var text))
            {
                _deltas[key] = text = new StringBuilder();
            }

            text.Append(delta);
        }
    }

    private static JsonElement? TryParse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IEnumerable<JsonElement> Items(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var items) && items.ValueKind == JsonValueKind.Array ? items.EnumerateArray() : Enumerable.Empty<JsonElement>();

    private static string? Text(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static int? Number(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : null;
}
