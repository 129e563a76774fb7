using System.Collections.Frozen;

namespace Streamline.Protocols.OpenAIResponses;

/// <summary>Decodes the events by which items grow. An event that its item has no use for is passed through unchanged.</summary>
/// <param name="output">Where events go.</param>
/// <param name="items">The items.</param>
internal sealed class OpenAIResponsesItemEvents(DecoderOutput output, OpenAIResponsesItems items)
{
    // What events are known to say of themselves.
    private static readonly PayloadNames KnownMembers = new(
        "type sequence_number output_index content_index summary_index command_index annotation_index item_id item part delta text refusal "
        + "annotation logprobs arguments input name code response obfuscation status response_id");

    private static readonly FrozenDictionary<string, (Step Step, string Item, string Part)> Events = new Dictionary<string, (Step, string, string)>(StringComparer.Ordinal)
    {
        ["response.content_part.added"] = (Step.BeginPart, "", ""),
        ["response.reasoning_part.added"] = (Step.BeginPart, "", ""),
        ["response.reasoning_summary_part.added"] = (Step.BeginPart, "", "summary_text"),
        ["response.content_part.done"] = (Step.EndPart, "", ""),
        ["response.reasoning_part.done"] = (Step.EndPart, "", ""),
        ["response.reasoning_summary_part.done"] = (Step.EndPart, "", "summary_text"),
        ["response.output_text.delta"] = (Step.AppendText, OpenAIResponsesItemTypes.Message, "output_text"),
        ["response.refusal.delta"] = (Step.AppendText, OpenAIResponsesItemTypes.Message, "refusal"),
        ["response.reasoning_text.delta"] = (Step.AppendText, OpenAIResponsesItemTypes.Reasoning, "reasoning_text"),
        ["response.reasoning_summary_text.delta"] = (Step.AppendText, OpenAIResponsesItemTypes.Reasoning, "summary_text"),
        ["response.output_text.done"] = (Step.EndText, OpenAIResponsesItemTypes.Message, "output_text"),
        ["response.refusal.done"] = (Step.EndText, OpenAIResponsesItemTypes.Message, "refusal"),
        ["response.reasoning_text.done"] = (Step.EndText, OpenAIResponsesItemTypes.Reasoning, "reasoning_text"),
        ["response.reasoning_summary_text.done"] = (Step.EndText, OpenAIResponsesItemTypes.Reasoning, "summary_text"),
        ["response.output_text.annotation.added"] = (Step.AddCitation, OpenAIResponsesItemTypes.Message, "output_text"),
        ["response.function_call_arguments.delta"] = (Step.AppendInput, OpenAIResponsesItemTypes.FunctionCall, ""),
        ["response.custom_tool_call_input.delta"] = (Step.AppendInput, OpenAIResponsesItemTypes.CustomToolCall, ""),
        ["response.mcp_call_arguments.delta"] = (Step.AppendInput, OpenAIResponsesItemTypes.McpCall, ""),
        ["response.code_interpreter_call_code.delta"] = (Step.AppendInput, OpenAIResponsesItemTypes.CodeInterpreterCall, ""),
        ["response.function_call_arguments.done"] = (Step.SealInput, OpenAIResponsesItemTypes.FunctionCall, ""),
        ["response.custom_tool_call_input.done"] = (Step.SealInput, OpenAIResponsesItemTypes.CustomToolCall, ""),
        ["response.mcp_call_arguments.done"] = (Step.SealInput, OpenAIResponsesItemTypes.McpCall, ""),
        ["response.code_interpreter_call_code.done"] = (Step.SealInput, OpenAIResponsesItemTypes.CodeInterpreterCall, ""),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly MetadataReporter _metadata = new(output);
    private bool _hasProbabilities;

    private enum Step
    {
        BeginPart,
        EndPart,
        AppendText,
        EndText,
        AddCitation,
        AppendInput,
        SealInput,
    }

    /// <summary>Tells whether an event makes an item grow.</summary>
    public static bool IsKnown(string type) => Events.ContainsKey(type);

    /// <summary>Decodes an event.</summary>
    /// <returns>Whether nothing of the event has been passed through as it is.</returns>
    public bool TryDecode(string type, in Payload payload)
    {
        if (OpenAIResponsesAsides.IsKnown(type))
        {
            // An aside contains its members itself.
            output.Emit(new ProviderMetadata(type, OpenAIResponsesEnvelope.OfEvent(payload.Root), items.BlockOf(payload.Root)));
            return false;
        }

        if (Events.TryGetValue(type, out var known) && TryStep(known.Step, known.Item, known.Part, payload))
        {
            return true;
        }

        output.Emit(new ProviderEvent { Name = type, Data = Encoding.UTF8.GetString(payload.Bytes) });
        return false;
    }

    /// <summary>Reports the members of an event that this version does not know, such as the agent, where several answer together: once for each item, and again when they change.</summary>
    public void ReportMembers(PayloadValue root)
    {
        if (root.HasOtherThan(KnownMembers))
        {
            _metadata.ReportOthers("", root, KnownMembers, items.BlockOf(root), root.Integer("output_index"u8));
        }
    }

    private bool TryStep(Step step, string itemType, string partType, in Payload payload)
    {
        var root = payload.Root;
        switch (step)
        {
            case Step.BeginPart or Step.EndPart:
                var part = root.Object("part"u8);
                var key = KeyOf(partType, root);
                var owner = part.Exists ? items.FindOrOpen(root, ItemTypeOf(part)) : null;
                return step == Step.BeginPart
                    ? owner?.TryBeginPart(payload, key, part) == true
                    : owner?.TryEndPart(payload, key, part.Word("type"u8), part) == true;
            case Step.AppendText:
                return TryAppendText(payload, itemType, partType);
            case Step.EndText:
                return TryEndText(payload, itemType, partType);
            case Step.AddCitation:
                return root.Member("annotation"u8) is { Exists: true } annotation
                    && items.FindOrOpen(root, itemType)?.TryAddCitation(KeyOf(partType, root), annotation) == true;
            case Step.AppendInput:
                return items.FindOrOpen(root, itemType)?.TryAppendInput(payload) == true;
            default:
                return items.FindOrOpen(root, itemType)?.TrySealInput(root.Member(OpenAIResponsesItemTypes.InputMember(itemType)!)) == true;
        }
    }

    private bool TryAppendText(in Payload payload, string itemType, string partType)
    {
        var item = items.FindOrOpen(payload.Root, itemType);
        if (item?.TryAppendText(payload, KeyOf(partType, payload.Root), partType) != true)
        {
            return false;
        }

        _hasProbabilities |= TryReportProbabilities(payload.Root, (output.Grown as OpenAIResponsesPart)?.Index);
        return true;
    }

    private bool TryEndText(in Payload payload, string itemType, string partType)
    {
        if (items.FindOrOpen(payload.Root, itemType) is not { } item || !item.TryEndPart(payload, KeyOf(partType, payload.Root), partType, payload.Root))
        {
            return false;
        }

        // The end repeats those of all pieces; a server that sends no pieces has them only here.
        if (!_hasProbabilities)
        {
            TryReportProbabilities(payload.Root, item.BlockIndex);
        }

        _hasProbabilities = false;
        return true;
    }

    private bool TryReportProbabilities(PayloadValue root, int? block)
    {
        var probabilities = root.Member("logprobs"u8);
        if (probabilities.IsEmpty())
        {
            return false;
        }

        output.Emit(new ProviderMetadata("logprobs", probabilities.ToRaw(), block));
        return true;
    }

    private static string ItemTypeOf(PayloadValue part) =>
        part.Word("type"u8) is "summary_text" or "reasoning_text" ? OpenAIResponsesItemTypes.Reasoning : OpenAIResponsesItemTypes.Message;

    private static OpenAIResponsesPartKey KeyOf(string partType, PayloadValue root) => partType == "summary_text"
        ? new OpenAIResponsesPartKey(IsSummary: true, root.Member("summary_index"u8).GetCount() ?? 0)
        : new OpenAIResponsesPartKey(IsSummary: false, root.Member("content_index"u8).GetCount() ?? 0);
}
