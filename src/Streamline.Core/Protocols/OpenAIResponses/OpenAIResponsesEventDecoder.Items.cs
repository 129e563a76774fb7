using System.Text;
using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIResponses;

/// <content>
/// Items: begun, grown, ended. They are known by their index, as some servers change an item's id from event to event, and may
/// overlap, as those of several agents do.
/// </content>
internal sealed partial class OpenAIResponsesEventDecoder
{
    private readonly Dictionary<long, OpenAIResponsesItem> _open = [];
    private long _lastIndex = -1;
    private bool _isAwaitingAnswers;
    private bool _hasProbabilities;
    private bool _hasRefusal;

    /// <returns>Whether nothing of the event has been passed on as it is.</returns>
    private bool TryDecodeItemEvent(string type, in ParsedPayload payload)
    {
        var isTaken = type switch
        {
            "response.content_part.added" or "response.reasoning_summary_part.added" => TryBeginPart(type, payload),
            "response.content_part.done" or "response.reasoning_summary_part.done" => TryEndPart(type, payload),
            "response.output_text.delta" => TryAppendText(payload, OpenAIResponsesItemTypes.Message, "output_text"),
            "response.refusal.delta" => TryAppendText(payload, OpenAIResponsesItemTypes.Message, "refusal"),
            "response.reasoning_text.delta" => TryAppendText(payload, OpenAIResponsesItemTypes.Reasoning, "reasoning_text"),
            "response.reasoning_summary_text.delta" => TryAppendText(payload, OpenAIResponsesItemTypes.Reasoning, "summary_text"),
            "response.output_text.done" => TryEndText(payload, OpenAIResponsesItemTypes.Message, "output_text"),
            "response.refusal.done" => TryEndText(payload, OpenAIResponsesItemTypes.Message, "refusal"),
            "response.reasoning_text.done" => TryEndText(payload, OpenAIResponsesItemTypes.Reasoning, "reasoning_text"),
            "response.reasoning_summary_text.done" => TryEndText(payload, OpenAIResponsesItemTypes.Reasoning, "summary_text"),
            "response.output_text.annotation.added" => TryAddCitation(payload.Root),
            "response.function_call_arguments.delta" => TryAppendInput(payload, OpenAIResponsesItemTypes.FunctionCall),
            "response.custom_tool_call_input.delta" => TryAppendInput(payload, OpenAIResponsesItemTypes.CustomToolCall),
            "response.mcp_call_arguments.delta" => TryAppendInput(payload, OpenAIResponsesItemTypes.McpCall),
            "response.code_interpreter_call_code.delta" => TryAppendInput(payload, OpenAIResponsesItemTypes.CodeInterpreterCall),
            "response.function_call_arguments.done" => TrySealInput(payload, OpenAIResponsesItemTypes.FunctionCall),
            "response.custom_tool_call_input.done" => TrySealInput(payload, OpenAIResponsesItemTypes.CustomToolCall),
            "response.mcp_call_arguments.done" => TrySealInput(payload, OpenAIResponsesItemTypes.McpCall),
            "response.code_interpreter_call_code.done" => TrySealInput(payload, OpenAIResponsesItemTypes.CodeInterpreterCall),
            _ => OpenAIResponsesAsides.IsKnown(type) && TryReport(type, payload.Root),
        };
        if (!isTaken)
        {
            _output.Emit(new ProviderEvent { Name = type, Data = Encoding.UTF8.GetString(payload.Bytes) });
        }

        // An aside holds its members itself.
        return isTaken && !OpenAIResponsesAsides.IsKnown(type);
    }

    private void BeginItem(JsonElement root)
    {
        var item = root.Object("item"u8) ?? throw Missing("response.output_item.added", "an object 'item'");
        var index = IndexOf(root);
        if (_open.ContainsKey(index))
        {
            throw new StreamProtocolException(
                StreamProtocolError.UnexpectedEvent, $"Found response.output_item.added of item {index}, which is open, expected an index that is free", _byteOffset);
        }

        Open(index, item, isContinued: false);
    }

    private void EndItem(in ParsedPayload payload)
    {
        var item = payload.Root.Object("item"u8) ?? throw Missing("response.output_item.done", "an object 'item'");
        EndItem(payload, IndexOf(payload.Root), item);
    }

    private void EndItem(in ParsedPayload payload, long index, JsonElement item)
    {
        if (!_open.Remove(index, out var open))
        {
            if (index <= _lastIndex)
            {
                return;
            }

            open = Open(index, item, isContinued: _isResumed);
            _open.Remove(index);
        }

        open.Complete(payload, item);
        _hasRefusal |= open is OpenAIResponsesPartsItem { HasRefusal: true };
        _isAwaitingAnswers |= OpenAIResponsesItemTypes.IsAwaitingAnswer(item);
    }

    /// <summary>Ends what is open with the items of the whole response, and adds those that were never sent; without its item, nothing is sealed.</summary>
    private void EndItems(in ParsedPayload payload, JsonElement response)
    {
        foreach (var (index, item) in response.Items("output"u8).Index())
        {
            // What a resumed stream did not bring was in the part of it that came before.
            if (item.ValueKind == JsonValueKind.Object && (_isWhole || _open.ContainsKey(index)))
            {
                EndItem(payload, index, item);
            }
        }

        foreach (var (_, item) in _open.OrderBy(open => open.Key))
        {
            item.Abandon();
            _hasRefusal |= item is OpenAIResponsesPartsItem { HasRefusal: true };
        }

        _open.Clear();
    }

    /// <param name="index">The index of the item.</param>
    /// <param name="begun">The item as it began.</param>
    /// <param name="isContinued">Whether it began in a part of the stream that was read before.</param>
    private OpenAIResponsesItem Open(long index, JsonElement begun, bool isContinued)
    {
        Start(response: null);
        var limit = _output.Options.MaxOpenBlocks;
        if (_open.Count >= limit)
        {
            throw new StreamLimitException(nameof(StreamReadOptions.MaxOpenBlocks), limit, _open.Count + 1L);
        }

        var type = begun.Text("type"u8);
        OpenAIResponsesItem item = type switch
        {
            OpenAIResponsesItemTypes.Message or OpenAIResponsesItemTypes.Reasoning => new OpenAIResponsesPartsItem(_output, begun, isContinued),
            _ when OpenAIResponsesItemTypes.IsApplicationCall(type) || OpenAIResponsesItemTypes.IsProviderCall(type) => new OpenAIResponsesCallItem(_output, begun),
            _ => new OpenAIResponsesWholeItem(_output, begun),
        };
        _open.Add(index, item);
        _lastIndex = Math.Max(_lastIndex, index);
        return item;
    }

    /// <summary>Finds the item that an event speaks of, or begins one whose beginning a server left out; <see langword="null"/> for one that has ended.</summary>
    private OpenAIResponsesItem? FindOrOpen(JsonElement root, string type)
    {
        var index = IndexOf(root);
        return _open.TryGetValue(index, out var item) ? item
            : index <= _lastIndex ? null
            : Open(index, JsonElement.Parse($$"""{"type":"{{type}}"}"""), isContinued: _isResumed);
    }

    private long IndexOf(JsonElement root) => root.Integer("output_index"u8) ?? Math.Max(_lastIndex, 0);

    private bool TryBeginPart(string type, in ParsedPayload payload)
    {
        var root = payload.Root;
        return root.Object("part"u8) is { } part && FindOrOpen(root, ItemTypeOf(part))?.TryBeginPart(payload, KeyOf(type, root), part) == true;
    }

    private bool TryEndPart(string type, in ParsedPayload payload)
    {
        var root = payload.Root;
        return root.Object("part"u8) is { } part && FindOrOpen(root, ItemTypeOf(part))?.TryEndPart(payload, KeyOf(type, root), part.Text("type"u8), part) == true;
    }

    private bool TryAppendText(in ParsedPayload payload, string itemType, string partType)
    {
        if (FindOrOpen(payload.Root, itemType)?.TryAppendText(payload, KeyOf(partType, payload.Root), partType) != true)
        {
            return false;
        }

        _hasProbabilities |= TryReportProbabilities(payload.Root, (_output.Grown as OpenAIResponsesPart)?.Index);
        return true;
    }

    private bool TryEndText(in ParsedPayload payload, string itemType, string partType)
    {
        if (FindOrOpen(payload.Root, itemType) is not { } item || !item.TryEndPart(payload, KeyOf(partType, payload.Root), partType, payload.Root))
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

    private bool TryReportProbabilities(JsonElement root, int? block)
    {
        if (root.Member("logprobs"u8) is not { } probabilities || probabilities.IsEmpty())
        {
            return false;
        }

        _output.Emit(new ProviderMetadata { Name = "logprobs", Value = probabilities, Index = block });
        return true;
    }

    private bool TryAddCitation(JsonElement root) =>
        root.Member("annotation"u8) is { } annotation
        && FindOrOpen(root, OpenAIResponsesItemTypes.Message)?.TryAddCitation(KeyOf("output_text", root), annotation) == true;

    private bool TryAppendInput(in ParsedPayload payload, string itemType) => FindOrOpen(payload.Root, itemType)?.TryAppendInput(payload) == true;

    private bool TrySealInput(in ParsedPayload payload, string itemType)
    {
        var hasWhole = payload.Root.TryGetProperty(OpenAIResponsesItemTypes.InputMember(itemType)!, out var whole);
        return FindOrOpen(payload.Root, itemType)?.TrySealInput(payload, hasWhole ? whole : null) == true;
    }

    private bool TryReport(string type, JsonElement root)
    {
        Start(response: null);
        var block = root.Integer("output_index"u8) is { } index && _open.TryGetValue(index, out var item) ? item.BlockIndex : null;
        _output.Emit(new ProviderMetadata { Name = type, Value = OpenAIResponsesEnvelope.OfEvent(root), Index = block });
        return true;
    }

    private static string ItemTypeOf(JsonElement part) =>
        part.Text("type"u8) is "summary_text" or "reasoning_text" ? OpenAIResponsesItemTypes.Reasoning : OpenAIResponsesItemTypes.Message;

    private static OpenAIResponsesPartKey KeyOf(string type, JsonElement root) =>
        type is "summary_text" or "response.reasoning_summary_part.added" or "response.reasoning_summary_part.done"
        ? new OpenAIResponsesPartKey(IsSummary: true, root.Integer("summary_index"u8) ?? 0)
        : new OpenAIResponsesPartKey(IsSummary: false, root.Integer("content_index"u8) ?? 0);

    private StreamProtocolException Missing(string where, string expected) => JsonPayload.Invalid($"{where} without it", expected, _byteOffset);
}
