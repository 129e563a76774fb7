using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Streamline.Tests.Protocols.Anthropic;

/// <summary>What a response said, in a form that an independent reading of the same bytes can be compared with.</summary>
internal sealed record MessageSummary(string Text)
{
    /// <summary>Folds events.</summary>
    public static MessageSummary Of(IEnumerable<StreamEvent> events)
    {
        var state = new StreamState();
        foreach (var streamEvent in events)
        {
            state.Apply(streamEvent);
        }

        var lines = new StringBuilder();
        lines.AppendLine($"{state.Provider} {state.ResponseId} {state.Model}");
        foreach (var block in state.Blocks)
        {
            lines.AppendLine(block.CallId is not null
                ? $"call {block.CallId} {block.Name} server={block.IsProviderExecuted} text={block.Text} arguments={Normalize(block.Arguments?.GetRawText())}"
                : block.Kind is ContentKind.Text or ContentKind.Reasoning
                    ? $"{block.Kind} text={block.Text} signature={block.Signature} citations={block.Citations.Count}"
                    : $"whole {Normalize(block.Raw!.Value.GetRawText())}");
        }

        lines.AppendLine($"stop={state.RawFinishReason} {state.FinishReason}");
        var usage = state.Usage;
        lines.AppendLine($"usage={usage?.InputTokens} {usage?.OutputTokens} {usage?.CachedInputTokens} {usage?.CacheWriteTokens} {usage?.ReasoningTokens}");
        return new MessageSummary(lines.ToString());
    }

    /// <summary>Reads the bytes of a stream line by line over <see cref="JsonDocument"/>, with nothing of the library.</summary>
    public static MessageSummary OfBytes(byte[] bytes)
    {
        JsonObject message = [];
        var blocks = new SortedDictionary<int, (JsonObject Block, StringBuilder Input, bool IsStopped)>();
        JsonObject usage = [];
        string? stop = null;
        foreach (var line in Encoding.UTF8.GetString(bytes).Split('\n').Select(line => line.TrimEnd('\r')))
        {
            if (!line.StartsWith("data:", StringComparison.Ordinal))
            {
                continue;
            }

            var data = JsonNode.Parse(line[5..])!.AsObject();
            switch ((string)data["type"]!)
            {
                case "message_start":
                    message = data["message"]!.AsObject();
                    Overwrite(usage, message["usage"]);
                    break;
                case "content_block_start":
                    blocks[(int)data["index"]!] = ((JsonObject)data["content_block"]!.DeepClone(), new StringBuilder(), false);
                    break;
                case "content_block_delta":
                    Apply(blocks[(int)data["index"]!].Block, blocks[(int)data["index"]!].Input, data["delta"]!.AsObject());
                    break;
                case "content_block_stop":
                    blocks[(int)data["index"]!] = blocks[(int)data["index"]!] with { IsStopped = true };
                    break;
                case "message_delta":
                    stop = (string?)data["delta"]!["stop_reason"] ?? stop;
                    Overwrite(usage, data["usage"]);
                    break;
            }
        }

        var lines = new StringBuilder();
        lines.AppendLine($"anthropic {message["id"]} {message["model"]}");
        foreach (var (block, input, isStopped) in blocks.Values)
        {
            lines.AppendLine(Describe(block, input.ToString(), isStopped));
        }

        lines.AppendLine($"stop={stop} {Reason(stop)}");
        var total = Count(usage, "input_tokens") + (Count(usage, "cache_creation_input_tokens") ?? 0) + (Count(usage, "cache_read_input_tokens") ?? 0);
        lines.AppendLine($"usage={total} {Count(usage, "output_tokens")} {Count(usage, "cache_read_input_tokens")} "
            + $"{Count(usage, "cache_creation_input_tokens")} {(long?)usage["output_tokens_details"]?["thinking_tokens"]}");
        return new MessageSummary(lines.ToString());
    }

    private static string Describe(JsonObject block, string input, bool isStopped)
    {
        var type = (string)block["type"]!;
        return type switch
        {
            "text" => $"Text text={block["text"]} signature= citations={block["citations"]?.AsArray().Count ?? 0}",
            "thinking" => $"Reasoning text={block["thinking"]} signature={block["signature"]} citations=0",
            "tool_use" or "server_tool_use" or "mcp_tool_use" =>
                $"call {block["id"]} {block["name"]} server={type != "tool_use"} text={input} arguments={(isStopped ? Normalize(input.Length == 0 ? "{}" : input) : "")}",
            _ => $"whole {Normalize(block.ToJsonString())}",
        };
    }

    private static void Apply(JsonObject block, StringBuilder input, JsonObject delta)
    {
        switch ((string)delta["type"]!)
        {
            case "text_delta":
                block["text"] = (string)block["text"]! + (string)delta["text"]!;
                break;
            case "thinking_delta":
                block["thinking"] = (string)block["thinking"]! + (string)delta["thinking"]!;
                break;
            case "signature_delta":
                block["signature"] = (string)delta["signature"]!;
                break;
            case "input_json_delta":
                input.Append((string)delta["partial_json"]!);
                break;
            case "citations_delta":
                (block["citations"] as JsonArray ?? (JsonArray)(block["citations"] = new JsonArray())).Add(delta["citation"]!.DeepClone());
                break;
            case "compaction_delta":
                block["content"] = (string?)delta["content"];
                break;
            default:
                throw new InvalidOperationException($"The oracle does not know the delta {delta["type"]}.");
        }
    }

    private static void Overwrite(JsonObject usage, JsonNode? report)
    {
        foreach (var (name, value) in report?.AsObject() ?? [])
        {
            if (value is not null)
            {
                usage[name] = value.DeepClone();
            }
        }
    }

    private static long? Count(JsonObject usage, string name) => (long?)usage[name];

    private static FinishReason Reason(string? stop) => stop switch
    {
        "end_turn" or "stop_sequence" => FinishReason.Stop,
        "tool_use" => FinishReason.ToolCalls,
        "max_tokens" => FinishReason.Length,
        "refusal" => FinishReason.Refusal,
        "pause_turn" => FinishReason.Pause,
        _ => FinishReason.Other,
    };

    private static string? Normalize(string? json) => json is null ? null : JsonNode.Parse(json)!.ToJsonString();
}
