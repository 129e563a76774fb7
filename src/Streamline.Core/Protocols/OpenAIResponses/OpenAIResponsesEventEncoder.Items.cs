using System.Buffers;
using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIResponses;

/// <content>
/// Items. A block is an item of its own, but for two cases: the parts of a message or of reasoning are blocks of one item, which ends
/// only when no further part follows; and the result of a provider's tool ends the item of its call.
/// </content>
internal sealed partial class OpenAIResponsesEventEncoder
{
    private readonly Dictionary<int, OpenAIResponsesEncodedBlock> _open = [];
    private readonly Dictionary<int, OpenAIResponsesEncodedItem> _awaitingResult = [];
    private readonly HashSet<int> _results = [];
    private readonly HashSet<int> _ignored = [];

    // The output of the response, as it is whole at its end: items that have not ended are here as they began.
    private readonly List<JsonElement> _items = [];
    private OpenAIResponsesEncodedItem? _ending;

    private void EncodeBlock(StreamEvent streamEvent, IBufferWriter<byte> output)
    {
        switch (streamEvent)
        {
            case ContentStarted started:
                StartContent(started, output);
                break;
            case TextDelta delta:
                WriteText(Find(delta.Index), delta.Text, logProbs: null, output);
                break;
            case ReasoningDelta delta:
                WriteText(Find(delta.Index), delta.Text, logProbs: null, output);
                break;
            case RefusalDelta delta:
                WriteText(Find(delta.Index), delta.Text, logProbs: null, output);
                break;
            case CitationAdded citation when _isOwnWire:
                WriteCitation(Find(citation.Index), citation.Citation, output);
                break;
            case ContentCompleted completed when !_ignored.Remove(completed.Index):
                CompleteContent(completed, output);
                break;
            case ToolCallStarted started:
                StartCall(started, output);
                break;
            case ToolInputDelta delta when !_ignored.Contains(delta.Index):
                WriteInput(Find(delta.Index), delta.Fragment, output);
                break;
            case ToolCallCompleted completed when !_ignored.Remove(completed.Index):
                CompleteCall(completed, output);
                break;
            default:
                break;
        }
    }

    private void StartContent(ContentStarted started, IBufferWriter<byte> output)
    {
        ThrowIfNotStarted();
        var data = _isOwnWire ? started.ProviderData : null;
        if (started.Kind is ContentKind.Text or ContentKind.Reasoning or ContentKind.Refusal)
        {
            StartText(started, data ?? MakeEnvelope(started.Kind), output);
        }
        else if (data is { } begun)
        {
            Begin(started.Index, begun, form: null, output);
        }
        else if (_isOwnWire && started.Kind == ContentKind.ServerToolResult)
        {
            _results.Add(started.Index);
        }
        else
        {
            _ignored.Add(started.Index);
        }
    }

    private void StartText(ContentStarted started, JsonElement envelope, IBufferWriter<byte> output)
    {
        var block = Begin(started.Index, envelope, OpenAIResponsesPartForm.Of(started.Kind, envelope), output);
        if (started.Kind != ContentKind.Reasoning)
        {
            BeginPart(block, output);
        }

        _hasRefusal |= started.Kind == ContentKind.Refusal;
    }

    private JsonElement MakeEnvelope(ContentKind kind) => ToJson(writer =>
    {
        var isReasoning = kind == ContentKind.Reasoning;
        writer.WriteString("id"u8, MakeId(isReasoning ? "rs" : "msg", _items.Count));
        writer.WriteString("type"u8, isReasoning ? OpenAIResponsesItemTypes.Reasoning : OpenAIResponsesItemTypes.Message);
        if (!isReasoning)
        {
            writer.WriteString("role"u8, "assistant"u8);
        }
    });

    private OpenAIResponsesEncodedBlock Begin(int index, JsonElement data, OpenAIResponsesPartForm? form, IBufferWriter<byte> output)
    {
        var item = _ending;
        if (item is null)
        {
            item = new OpenAIResponsesEncodedItem(_items.Count, data);
            _items.Add(item.IsOfParts ? ToJson(writer => item.WriteMembers(writer, "in_progress")) : data);
            WriteItem(output, "response.output_item.added", item);
        }

        _ending = null;
        return Open(index, new OpenAIResponsesEncodedBlock(item, form));
    }

    private OpenAIResponsesEncodedBlock Open(int index, OpenAIResponsesEncodedBlock block) =>
        _open.TryAdd(index, block) ? block : throw new InvalidOperationException($"Block {index} is open already.");

    /// <summary>Ends an item whose last block has ended, unless a further part of it begins.</summary>
    private void EndItem(ContentStarted? next, IBufferWriter<byte> output)
    {
        if (_ending is { } item && (item.Id is not { } id || next?.ProviderData?.Text("id"u8) != id))
        {
            _ending = null;
            End(item, ToJson(writer => item.WriteMembers(writer, "completed")), output);
        }
    }

    private void End(OpenAIResponsesEncodedItem item, JsonElement whole, IBufferWriter<byte> output)
    {
        _items[item.Index] = whole;
        WriteItem(output, "response.output_item.done", item);
    }

    private void BeginPart(OpenAIResponsesEncodedBlock block, IBufferWriter<byte> output)
    {
        block.HasBegun = true;
        var form = block.Form!;
        WritePartEvent(output, form.PartEvent + ".added", block, writer => Write(writer, "part", ToPart(block, "")));
    }

    private static JsonElement ToPart(OpenAIResponsesEncodedBlock block, string text) => ToJson(writer => block.Form!.WriteMembers(writer, text, block.Citations));

    private void WriteText(OpenAIResponsesEncodedBlock block, string text, JsonElement? logProbs, IBufferWriter<byte> output)
    {
        var form = block.Form ?? throw NotOfKind(block);
        if (!block.HasBegun)
        {
            BeginPart(block, output);
        }

        block.Text.Append(text);
        WritePartEvent(output, form.Event + ".delta", block, writer =>
        {
            writer.WriteString("delta"u8, text);
            if (form.IsOutputText)
            {
                Write(writer, "logprobs", logProbs ?? NoLogProbs);
            }
        });
    }

    private void WriteCitation(OpenAIResponsesEncodedBlock block, JsonElement citation, IBufferWriter<byte> output)
    {
        var index = block.Form is { IsOutputText: true } ? block.Add(citation) : throw NotOfKind(block);
        WritePartEvent(output, "response.output_text.annotation.added", block, writer =>
        {
            writer.WriteNumber("annotation_index"u8, index);
            Write(writer, "annotation", citation);
        });
    }

    private void CompleteContent(ContentCompleted completed, IBufferWriter<byte> output)
    {
        if (_results.Remove(completed.Index))
        {
            CompleteResult(completed, output);
            return;
        }

        var block = Close(completed.Index);
        var raw = _isOwnWire ? completed.Raw : null;
        if (block.Form is not null)
        {
            EndPart(block, output);
        }
        else if (block.Item.IsOfParts)
        {
            WriteUnknownPart(block, raw, output);
        }

        if (block.Item.IsOfParts)
        {
            block.Item.Update(raw, completed.Signature);
            _ending = block.Item;
        }
        else if (raw is { } whole)
        {
            End(block.Item, whole, output);
        }
    }

    private void EndPart(OpenAIResponsesEncodedBlock block, IBufferWriter<byte> output)
    {
        if (!block.HasBegun)
        {
            return;
        }

        var form = block.Form!;
        var text = block.Text.ToString();
        var part = ToPart(block, text);
        WritePartEvent(output, form.Event + ".done", block, writer =>
        {
            writer.WriteString(form.TextMember, text);
            if (form.IsOutputText)
            {
                Write(writer, "logprobs", NoLogProbs);
            }
        });
        WritePartEvent(output, form.PartEvent + ".done", block, writer => Write(writer, "part", part));
        block.Item.Add(part, form.IsSummary);
    }

    private void WriteUnknownPart(OpenAIResponsesEncodedBlock block, JsonElement? raw, IBufferWriter<byte> output)
    {
        foreach (var part in raw?.Items("content"u8) ?? [])
        {
            WritePartEvent(output, "response.content_part.added", block, writer => Write(writer, "part", part));
            WritePartEvent(output, "response.content_part.done", block, writer => Write(writer, "part", part));
            block.Item.Add(part, isSummary: false);
        }
    }

    private void CompleteResult(ContentCompleted completed, IBufferWriter<byte> output)
    {
        if (completed.Raw is not { } whole || _awaitingResult.Count == 0)
        {
            return;
        }

        // Of several calls, the one with the id of the item; otherwise the oldest, for some servers change the id.
        var (index, item) = _awaitingResult.OrderBy(pair => pair.Value.Id == whole.Text("id"u8) ? 0 : 1).ThenBy(pair => pair.Key).First();
        _awaitingResult.Remove(index);
        End(item, whole, output);
    }

    private void WriteAside(ProviderMetadata metadata, IBufferWriter<byte> output)
    {
        var item = metadata.Index is { } index ? _open.GetValueOrDefault(index)?.Item ?? _awaitingResult.GetValueOrDefault(index) : null;
        Write(output, metadata.Name, writer =>
        {
            WritePlace(writer, item);
            foreach (var member in metadata.Value.EnumerateObject())
            {
                Write(writer, member.Name, member.Value);
            }
        });
    }

    private void WriteItem(IBufferWriter<byte> output, string type, OpenAIResponsesEncodedItem item) => Write(output, type, writer =>
    {
        writer.WriteNumber("output_index"u8, item.Index);
        Write(writer, "item", _items[item.Index]);
    });

    private void WritePartEvent(IBufferWriter<byte> output, string type, OpenAIResponsesEncodedBlock block, Action<Utf8JsonWriter> writeMembers) =>
        Write(output, type, writer =>
        {
            WritePlace(writer, block.Item);
            writer.WriteNumber(block.Form is { IsSummary: true } ? "summary_index"u8 : "content_index"u8, block.PartIndex);
            writeMembers(writer);
        });

    private static void WritePlace(Utf8JsonWriter writer, OpenAIResponsesEncodedItem? item)
    {
        if (item is null)
        {
            return;
        }

        if (item.Id is { } id)
        {
            writer.WriteString("item_id"u8, id);
        }

        writer.WriteNumber("output_index"u8, item.Index);
    }

    private OpenAIResponsesEncodedBlock Close(int index)
    {
        var block = Find(index);
        _open.Remove(index);
        return block;
    }

    private OpenAIResponsesEncodedBlock Find(int index) =>
        _open.TryGetValue(index, out var block) ? block : throw new InvalidOperationException($"Block {index} is not open.");

    private static InvalidOperationException NotOfKind(OpenAIResponsesEncodedBlock block) =>
        new($"A block of the type {block.Item.Type} cannot have the text or the citation of an event.");
}
