using System.Text;
using System.Text.Json;

namespace Streamline.Tests.Protocols.OpenAIChat;

/// <summary>
/// A second, plain reading of a recorded stream, with <see cref="JsonDocument"/> over the whole file: what its answer is, or why
/// there is none. Of several answers it reads the first. It shares no code with the decoder and knows nothing of deltas, blocks or chunks of bytes.
/// </summary>
internal sealed class OpenAIChatOracle
{
    private OpenAIChatOracle()
    {
    }

    public StringBuilder Text { get; } = new();

    public StringBuilder Reasoning { get; } = new();

    public StringBuilder Refusal { get; } = new();

    public List<(string Id, string Name, StringBuilder Arguments)> Calls { get; } = [];

    public int Citations { get; private set; }

    public string? FinishReason { get; private set; }

    public JsonElement? Usage { get; private set; }

    public bool HasMalformedPayload { get; private set; }

    public string? ErrorMessage { get; private set; }

    public bool IsDone { get; private set; }

    public bool IsWhole => (IsDone || FinishReason is not null) && !HasMalformedPayload && ErrorMessage is null;

    /// <summary>Reads a file; <see langword="null"/> when it is not a stream of Chat Completions.</summary>
    public static OpenAIChatOracle? TryRead(byte[] file)
    {
        var oracle = new OpenAIChatOracle();
        var hasDelta = false;
        foreach (var data in Payloads(Encoding.UTF8.GetString(file)))
        {
            if (data.Trim() == "[DONE]")
            {
                oracle.IsDone = true;
                break;
            }

            if (TryParse(data) is not { } chunk)
            {
                oracle.HasMalformedPayload = true;
                break;
            }

            if (Get(chunk, "error") is { } error)
            {
                oracle.ErrorMessage = Get(error, "message")?.GetString() ?? "";
                break;
            }

            hasDelta |= oracle.ReadChunk(chunk);
        }

        return hasDelta ? oracle : null;
    }

    public FinishReason ExpectedFinishReason => FinishReason switch
    {
        "stop" when Calls.Count > 0 => Streamline.FinishReason.ToolCalls,
        "stop" when Refusal.Length > 0 => Streamline.FinishReason.Refusal,
        "stop" => Streamline.FinishReason.Stop,
        "tool_calls" or "function_call" => Streamline.FinishReason.ToolCalls,
        "length" => Streamline.FinishReason.Length,
        "content_filter" => Streamline.FinishReason.ContentFilter,
        _ => Streamline.FinishReason.Other,
    };

    public long? Count(params string[] path)
    {
        JsonElement? value = Usage;
        foreach (var name in path)
        {
            value = value is { } parent ? Get(parent, name) : null;
        }

        return value?.GetInt64();
    }

    private bool ReadChunk(JsonElement chunk)
    {
        Usage = Get(chunk, "usage") ?? (Get(chunk, "x_groq") is { } groq ? Get(groq, "usage") : null) ?? Usage;
        var hasDelta = false;
        foreach (var choice in Get(chunk, "choices")?.EnumerateArray().ToArray() ?? [])
        {
            var delta = Get(choice, "delta");
            hasDelta |= delta is not null;
            if ((Get(choice, "index")?.GetInt32() ?? 0) != 0)
            {
                continue;
            }

            if (delta is { } d)
            {
                ReadDelta(d);
            }

            FinishReason = Get(choice, "finish_reason")?.GetString() ?? FinishReason;
        }

        return hasDelta;
    }

    private void ReadDelta(JsonElement delta)
    {
        var content = Get(delta, "content");
        if (content is { ValueKind: JsonValueKind.Array } parts)
        {
            foreach (var part in parts.EnumerateArray())
            {
                if (Get(part, "thinking") is { } thinking)
                {
                    Reasoning.Append(string.Concat(thinking.EnumerateArray().Select(inner => inner.GetProperty("text").GetString())));
                }
                else
                {
                    Text.Append(part.GetProperty("text").GetString());
                }
            }
        }
        else
        {
            Text.Append(content?.GetString());
        }

        var details = Get(delta, "reasoning_details") is { } array
            ? string.Concat(array.EnumerateArray().Select(detail => (Get(detail, "text") ?? Get(detail, "summary"))?.GetString()))
            : "";
        Reasoning.Append(details.Length > 0 ? details : (Get(delta, "reasoning_content") ?? Get(delta, "reasoning"))?.GetString());
        Refusal.Append(Get(delta, "refusal")?.GetString());
        Citations += Get(delta, "annotations")?.GetArrayLength() ?? 0;
        foreach (var call in Get(delta, "tool_calls")?.EnumerateArray().ToArray() ?? [])
        {
            ReadCall(call);
        }
    }

    // The recorded servers give an id with the first piece of a call and no other.
    private void ReadCall(JsonElement piece)
    {
        var function = piece.GetProperty("function");
        if (Get(piece, "id")?.GetString() is { Length: > 0 } id && !Calls.Exists(call => call.Id == id))
        {
            Calls.Add((id, function.GetProperty("name").GetString()!, new StringBuilder()));
        }

        var position = Get(piece, "index")?.GetInt32() ?? Calls.Count - 1;
        Calls[position].Arguments.Append(Get(function, "arguments")?.GetString());
    }

    /// <summary>The data of every event that a blank line ends.</summary>
    private static IEnumerable<string> Payloads(string file)
    {
        var blocks = file.ReplaceLineEndings("\n").Split("\n\n");
        foreach (var block in blocks[..^1])
        {
            var lines = block.Split('\n').Where(line => line.StartsWith("data:", StringComparison.Ordinal)).Select(line => line[5..]).ToArray();
            if (lines.Length > 0)
            {
                yield return string.Join('\n', lines.Select(line => line.StartsWith(' ') ? line[1..] : line));
            }
        }
    }

    private static JsonElement? TryParse(string data)
    {
        try
        {
            using var document = JsonDocument.Parse(data);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonElement? Get(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : null;
}
