namespace Streamline.Protocols.OpenAIChat;

/// <summary>Reads what one chunk says of one choice.</summary>
internal sealed class OpenAIChatDeltaReader(MetadataReporter metadata)
{
    public void Read(in Payload payload, in OpenAIChatChoiceMembers choice, OpenAIChatChoice answer)
    {
        // Some gateways put a whole message into a stream of one chunk; beside deltas a message would repeat what they said.
        var delta = choice.Delta;
        if (!delta.IsObject)
        {
            delta = answer.IsEmpty ? choice.Message : default;
        }

        if (delta.IsObject)
        {
            ReadDelta(payload, delta, answer);
        }

        if (choice.HasMore)
        {
            ReportChoice(choice.Element, delta.Member("content"u8), answer);
        }
    }

    private void ReadDelta(in Payload payload, PayloadValue value, OpenAIChatChoice answer)
    {
        var delta = new OpenAIChatDelta(value);
        ReadReasoning(payload, delta, answer);
        ReadContent(payload, delta.Content, answer);
        answer.AppendContent(payload, ContentKind.Refusal, delta.Refusal);
        foreach (var citation in delta.Annotations.Items)
        {
            answer.AddCitation(citation);
        }

        ReadCalls(payload, delta, answer);
        ReportDelta(value, delta, answer);
    }

    /// <summary>Reads the one form of reasoning that has something to say: several may hold the same text.</summary>
    private static void ReadReasoning(in Payload payload, in OpenAIChatDelta delta, OpenAIChatChoice answer)
    {
        _ = ReadElements(payload, delta.ReasoningDetails, answer)
            || ReadElements(payload, delta.ThinkingBlocks, answer)
            || answer.AppendContent(payload, ContentKind.Reasoning, delta.ReasoningContent, OpenAIChatReasoningForm.ReasoningContent)
            || answer.AppendContent(payload, ContentKind.Reasoning, delta.Reasoning, OpenAIChatReasoningForm.Reasoning)
            || answer.AppendContent(payload, ContentKind.Reasoning, delta.ReasoningText, OpenAIChatReasoningForm.ReasoningText)
            || answer.AppendContent(payload, ContentKind.Reasoning, delta.Thinking, OpenAIChatReasoningForm.ThinkingMember);
    }

    private static bool ReadElements(in Payload payload, PayloadValue list, OpenAIChatChoice answer)
    {
        var hasText = false;
        foreach (var element in list.Items)
        {
            hasText |= element.IsObject && answer.AddReasoningElement(payload, element);
        }

        return hasText;
    }

    private void ReadContent(in Payload payload, PayloadValue content, OpenAIChatChoice answer)
    {
        if (content.IsObject)
        {
            ReadPart(payload, content, answer);
            return;
        }

        answer.AppendContent(payload, ContentKind.Text, content);
        foreach (var part in content.Items)
        {
            ReadPart(payload, part, answer);
        }
    }

    private void ReadPart(in Payload payload, PayloadValue part, OpenAIChatChoice answer)
    {
        switch (part.Word("type"u8))
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
            case null when part.IsString:
                answer.AppendContent(payload, ContentKind.Text, part);
                break;
            default:
                metadata.Pass(OpenAIChatMetadataNames.ForDelta("content", answer.Number), part, answer.OpenBlockIndex);
                break;
        }
    }

    private static void ReadThinking(in Payload payload, PayloadValue thinking, OpenAIChatChoice answer)
    {
        answer.AppendContent(payload, ContentKind.Reasoning, thinking, OpenAIChatReasoningForm.Thinking);
        foreach (var part in thinking.Items)
        {
            answer.AppendContent(payload, ContentKind.Reasoning, part.Member("text"u8), OpenAIChatReasoningForm.Thinking);
        }
    }

    private static void ReadCalls(in Payload payload, in OpenAIChatDelta delta, OpenAIChatChoice answer)
    {
        answer.BeginToolCalls();
        if (delta.ToolCalls.IsObject)
        {
            answer.AddToolCall(payload, delta.ToolCalls, isLegacy: false);
        }

        foreach (var piece in delta.ToolCalls.Items)
        {
            if (piece.IsObject)
            {
                answer.AddToolCall(payload, piece, isLegacy: false);
            }
        }

        if (delta.FunctionCall.IsObject)
        {
            answer.AddToolCall(payload, delta.FunctionCall, isLegacy: true);
        }
    }

    private void ReportDelta(PayloadValue value, in OpenAIChatDelta delta, OpenAIChatChoice answer)
    {
        // The role is always the assistant's.
        if (!delta.Role.IsMissing && !delta.Role.TextEquals("assistant"u8) && !delta.Role.TextEquals(""u8))
        {
            metadata.Report(OpenAIChatMetadataNames.ForDelta("role", answer.Number), delta.Role, answer.OpenBlockIndex);
        }

        ReportUnreadable("tool_calls", delta.ToolCalls, delta.ToolCalls.Kind is JsonValueKind.Array or JsonValueKind.Object, answer);
        ReportUnreadable("function_call", delta.FunctionCall, delta.FunctionCall.IsObject, answer);
        ReportUnreadable("reasoning_details", delta.ReasoningDetails, delta.ReasoningDetails.IsArray, answer);
        ReportUnreadable("thinking_blocks", delta.ThinkingBlocks, delta.ThinkingBlocks.IsArray, answer);
        ReportUnreadable("annotations", delta.Annotations, delta.Annotations.IsArray, answer);
        if (!delta.HasMore)
        {
            return;
        }

        foreach (var member in value.Members)
        {
            if (member.Value.IsMissing || OpenAIChatDelta.IsKnown(member.Utf8Name))
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

    // A known member of a kind that has no meaning here is reported, not dropped.
    private void ReportUnreadable(string member, PayloadValue value, bool isRead, OpenAIChatChoice answer)
    {
        if (!isRead && !value.IsMissing)
        {
            metadata.Report(OpenAIChatMetadataNames.ForDelta(member, answer.Number), value, answer.OpenBlockIndex);
        }
    }

    private void ReportChoice(PayloadValue choice, PayloadValue content, OpenAIChatChoice answer)
    {
        foreach (var member in choice.Members)
        {
            if (member.Value.IsMissing || OpenAIChatChoiceMembers.IsKnown(member.Utf8Name))
            {
                continue;
            }

            // Servers of the older Completions API too repeat the text beside the delta.
            if (member.NameEquals("text"u8) && member.Value.RawBytes.SequenceEqual(content.RawBytes))
            {
                continue;
            }

            var name = OpenAIChatMetadataNames.OfChoice.Of(member.Name, answer.Number);
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
