using System.Text;
using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIChat;

/// <summary>Reads what one chunk says of one choice.</summary>
internal sealed class OpenAIChatDeltaReader(OpenAIChatMetadata metadata)
{
    // The role is always the assistant's; Mistral repeats the index of the choice.
    private static readonly byte[][] DeltaMembers = ToUtf8(
        "role", "index", "content", "refusal", "annotations", "tool_calls", "function_call", "reasoning_details", "reasoning_content", "reasoning");

    private static readonly byte[][] ChoiceMembers = ToUtf8("index", "delta", "message", "finish_reason", "error");

    public void Read(in ParsedPayload payload, JsonElement choice, OpenAIChatChoice answer)
    {
        // Some gateways put a whole message into a stream of one chunk; beside deltas a message would say the same again.
        var delta = choice.Object("delta"u8) ?? (answer.IsEmpty ? choice.Object("message"u8) : null);
        if (delta is { } d)
        {
            ReadReasoning(payload, d, answer);
            ReadContent(payload, d.Member("content"u8), answer);
            answer.AppendContent(payload, ContentKind.Refusal, d.Member("refusal"u8));
            foreach (var citation in d.Items("annotations"u8))
            {
                answer.AddCitation(citation);
            }

            ReadCalls(payload, d, answer);
            ReportDelta(d, answer);
        }

        ReportChoice(choice, answer);
    }

    /// <summary>Reads the one form of reasoning that has something to say: several may hold the same text.</summary>
    private static void ReadReasoning(in ParsedPayload payload, JsonElement delta, OpenAIChatChoice answer)
    {
        var hasText = false;
        foreach (var detail in delta.Items("reasoning_details"u8))
        {
            hasText |= detail.ValueKind == JsonValueKind.Object && answer.AddReasoningDetail(payload, detail);
        }

        if (hasText)
        {
            return;
        }

        _ = answer.AppendContent(payload, ContentKind.Reasoning, delta.Member("reasoning_content"u8), OpenAIChatReasoningForm.ReasoningContent)
            || answer.AppendContent(payload, ContentKind.Reasoning, delta.Member("reasoning"u8), OpenAIChatReasoningForm.Reasoning);
    }

    private void ReadContent(in ParsedPayload payload, JsonElement? content, OpenAIChatChoice answer)
    {
        if (content is not { ValueKind: JsonValueKind.Array } parts)
        {
            answer.AppendContent(payload, ContentKind.Text, content);
            return;
        }

        foreach (var part in parts.EnumerateArray())
        {
            ReadPart(payload, part, answer);
        }
    }

    private void ReadPart(in ParsedPayload payload, JsonElement part, OpenAIChatChoice answer)
    {
        switch (part.Text("type"u8))
        {
            case "thinking":
                ReadThinking(payload, part.Member("thinking"u8), answer);
                break;
            case "refusal":
                answer.AppendContent(payload, ContentKind.Refusal, part.Member("refusal"u8));
                break;
            case "reference":
                answer.AddCitation(part);
                break;
            case "text":
                answer.AppendContent(payload, ContentKind.Text, part.Member("text"u8));
                break;
            case null when part.ValueKind == JsonValueKind.String:
                answer.AppendContent(payload, ContentKind.Text, part);
                break;
            default:
                metadata.Pass(OpenAIChatMetadataNames.ForDelta("content", answer.Number), part, answer.OpenBlockIndex);
                break;
        }
    }

    private static void ReadThinking(in ParsedPayload payload, JsonElement? thinking, OpenAIChatChoice answer)
    {
        if (thinking is not { ValueKind: JsonValueKind.Array } parts)
        {
            answer.AppendContent(payload, ContentKind.Reasoning, thinking, OpenAIChatReasoningForm.Thinking);
            return;
        }

        foreach (var part in parts.EnumerateArray())
        {
            answer.AppendContent(payload, ContentKind.Reasoning, part.Member("text"u8), OpenAIChatReasoningForm.Thinking);
        }
    }

    private static void ReadCalls(in ParsedPayload payload, JsonElement delta, OpenAIChatChoice answer)
    {
        foreach (var piece in delta.Items("tool_calls"u8))
        {
            if (piece.ValueKind == JsonValueKind.Object)
            {
                answer.AddToolCall(payload, piece, isLegacy: false);
            }
        }

        if (delta.Object("function_call"u8) is { } call)
        {
            answer.AddToolCall(payload, call, isLegacy: true);
        }
    }

    private static byte[][] ToUtf8(params string[] names) => [.. names.Select(Encoding.UTF8.GetBytes)];

    private void ReportDelta(JsonElement delta, OpenAIChatChoice answer)
    {
        foreach (var member in delta.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null || (member.IsOneOf(DeltaMembers) && !IsOtherRole(member)))
            {
                continue;
            }

            var name = OpenAIChatMetadataNames.ForDelta(member.Name, answer.Number);
            if (member.NameEquals("audio"u8) || member.NameEquals("images"u8))
            {
                metadata.Pass(name, member.Value, answer.OpenBlockIndex);
            }
            else
            {
                metadata.Report(name, member.Value, answer.OpenBlockIndex);
            }
        }
    }

    private static bool IsOtherRole(JsonProperty member) =>
        member.NameEquals("role"u8) && !(member.Value.ValueKind == JsonValueKind.String && (member.Value.ValueEquals("assistant"u8) || member.Value.ValueEquals(""u8)));

    private void ReportChoice(JsonElement choice, OpenAIChatChoice answer)
    {
        foreach (var member in choice.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null || member.IsOneOf(ChoiceMembers))
            {
                continue;
            }

            var name = OpenAIChatMetadataNames.ForChoice(member.Name, answer.Number);
            if (!member.NameEquals("logprobs"u8))
            {
                metadata.Report(name, member.Value);
            }
            else if (!member.Value.IsEmpty())
            {
                metadata.Pass(name, member.Value, answer.OpenBlockIndex);
            }
        }
    }
}
