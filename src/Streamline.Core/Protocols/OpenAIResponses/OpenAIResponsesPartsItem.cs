namespace Streamline.Protocols.OpenAIResponses;

/// <summary>A message or reasoning: an item of parts that grow.</summary>
internal sealed class OpenAIResponsesPartsItem : OpenAIResponsesItem
{
    /// <summary>The placeholder in the envelope of reasoning whose text belongs into <c>content</c>.</summary>
    private static ReadOnlySpan<byte> NoContent => "[]"u8;

    private readonly DecoderOutput _output;
    private readonly RawJson _begun;
    private readonly bool _hasContent;
    private readonly bool _isContinued;
    private readonly bool _isReasoning;
    private readonly List<OpenAIResponsesPart> _open = [];
    private List<OpenAIResponsesPart>? _completed;
    private bool _isWhole;
    private string? _status; // once it is whole
    private long _lastContent = -1;
    private long _lastSummary = -1;

    /// <summary>Initializes a new instance of the <see cref="OpenAIResponsesPartsItem"/> class.</summary>
    /// <param name="output">Where events go.</param>
    /// <param name="type">The type of the item.</param>
    /// <param name="begun">The item as it began; it may not exist.</param>
    /// <param name="isContinued">Whether it began in a part of the stream that was read before: then its whole says nothing of what this part lacks.</param>
    public OpenAIResponsesPartsItem(DecoderOutput output, string type, PayloadValue begun, bool isContinued)
    {
        _output = output;
        _begun = begun.Exists ? begun.ToRaw() : ProviderJson.Parse($$"""{"type":"{{type}}"}""");
        _hasContent = begun.Array("content"u8).Exists;
        _isContinued = isContinued;
        _isReasoning = type == OpenAIResponsesItemTypes.Reasoning;
        if (_isReasoning)
        {
            // Shown before it has a part, and reasoning may never have one: its text can be encrypted altogether.
            Open(ContentKind.Reasoning, key: null, hasContent: _hasContent);
        }
    }

    /// <summary>Gets a value indicating whether the item explains a refusal.</summary>
    public bool HasRefusal { get; private set; }

    public override int? BlockIndex => _open.Count > 0 ? _open[^1].Index : null;

    public override bool TryBeginPart(in Payload payload, OpenAIResponsesPartKey key, PayloadValue part)
    {
        if (FindOrOpen(key, part.Word("type"u8)) is not { } begun)
        {
            return false;
        }

        var text = TextOf(part).TextSlice;
        if (text.Length > 0)
        {
            _output.Append(begun, text, payload.Bytes);
        }

        return true;
    }

    public override bool TryAppendText(in Payload payload, OpenAIResponsesPartKey key, string partType)
    {
        var text = payload.Root.Member("delta"u8).TextSlice;
        var part = FindOrOpen(key, partType) ?? (text.Length > 0 ? Continue(key, KindOf(partType)) : null);
        if (part is null || part.Kind != KindOf(partType) || !text.Exists)
        {
            return false;
        }

        _output.Append(part, text, payload.Bytes);
        return true;
    }

    public override bool TryEndPart(in Payload payload, OpenAIResponsesPartKey key, string? partType, PayloadValue whole)
    {
        if (_isContinued)
        {
            return true;
        }

        if (FindOrOpen(key, partType) is not { } ended)
        {
            return TryAddRest(payload, key, whole);
        }

        End(payload, ended, whole);
        return true;
    }

    public override bool TryAddCitation(OpenAIResponsesPartKey key, PayloadValue citation)
    {
        var part = FindOrOpen(key, "output_text");
        part?.Add(citation);
        return part is not null;
    }

    /// <summary>Ends the item, or compares it again with its whole when it has ended: what the whole has more is added.</summary>
    /// <inheritdoc/>
    public override void Complete(in Payload payload, PayloadValue item)
    {
        if (!_isContinued)
        {
            EndAll(payload, item.Array("summary"u8), isSummary: true);
            EndAll(payload, item.Array("content"u8), isSummary: false);
        }

        (_isWhole, _status) = (true, item.Word("status"u8));
        CompleteAll(item, _status, item.NonEmptyText("encrypted_content"u8));
    }

    public override void Abandon()
    {
        if (_open.Count == 0)
        {
            return;
        }

        // Text may have come after the item was whole.
        var last = _isWhole ? _completed?[^1] : null;
        using var item = last?.Raw is { } raw ? Payload.Parse(raw.Utf8, "an item", byteOffset: 0) : ParseBegun();
        CompleteAll(item.Root, _isWhole ? _status : "incomplete", last?.Signature);
    }

    private static PayloadValue TextOf(PayloadValue part) => part.Member("text"u8) is { Exists: true } text ? text : part.Member("refusal"u8);

    private static ContentKind KindOf(string? partType) => partType switch
    {
        "output_text" => ContentKind.Text,
        "refusal" => ContentKind.Refusal,
        "reasoning_text" or "summary_text" => ContentKind.Reasoning,
        _ => ContentKind.Other,
    };

    private void EndAll(in Payload payload, PayloadValue parts, bool isSummary)
    {
        var index = 0;
        foreach (var part in parts.Items)
        {
            var key = new OpenAIResponsesPartKey(isSummary, index++);
            if (FindOrOpen(key, part.Word("type"u8)) is { } open)
            {
                End(payload, open, part);
            }
            else
            {
                TryAddRest(payload, key, part);
            }
        }
    }

    private static void End(in Payload payload, OpenAIResponsesPart part, PayloadValue whole)
    {
        part.IsEnded = true;
        if (part.Kind == ContentKind.Other)
        {
            part.Raw = whole.ToRaw(); // as long as the item is open
            return;
        }

        part.Compare(payload, TextOf(whole));
        part.AddRest(whole.Array("annotations"u8));
    }

    /// <summary>Finds an open part, or opens one whose beginning a server left out; <see langword="null"/> for one that was completed.</summary>
    private OpenAIResponsesPart? FindOrOpen(OpenAIResponsesPartKey key, string? type)
    {
        foreach (var part in _open)
        {
            if (part.Key == key)
            {
                return part;
            }
        }

        ref var last = ref key.IsSummary ? ref _lastSummary : ref _lastContent;
        if (key.Index <= last)
        {
            return null;
        }

        last = key.Index;
        var kind = KindOf(type);
        if (kind == ContentKind.Reasoning && _open is [{ Key: null } unplaced])
        {
            unplaced.Key = key;
            return unplaced;
        }

        CompleteEnded();
        HasRefusal |= kind == ContentKind.Refusal;
        return Open(kind, key, HasContent(kind, key));
    }

    private OpenAIResponsesPart? FindCompleted(OpenAIResponsesPartKey key) => _completed?.FindLast(part => part.Key == key);

    // A block that was completed stays as it is, so that what comes after it makes a further one.
    private OpenAIResponsesPart? Continue(OpenAIResponsesPartKey key, ContentKind kind)
    {
        if (FindCompleted(key) is not { } earlier || earlier.Kind != kind)
        {
            return null;
        }

        CompleteEnded();
        return Open(kind, key, HasContent(kind, key), earlier);
    }

    private bool TryAddRest(in Payload payload, OpenAIResponsesPartKey key, PayloadValue whole)
    {
        if (FindCompleted(key) is not { } earlier || earlier.FindRest(payload, TextOf(whole)) is not { } rest)
        {
            return false;
        }

        Continue(key, earlier.Kind)!.AddRest(rest);
        return true;
    }

    private OpenAIResponsesPart Open(ContentKind kind, OpenAIResponsesPartKey? key, bool hasContent, OpenAIResponsesPart? earlier = null)
    {
        using var begun = ParseBegun();
        var part = new OpenAIResponsesPart(_output, kind, key, OpenAIResponsesEnvelope.OfParts(begun.Root, hasContent ? NoContent : default, status: null), earlier);
        _open.Add(part);
        return part;
    }

    private Payload ParseBegun() => Payload.Parse(_begun.Utf8, "an item", byteOffset: 0);

    private bool HasContent(ContentKind kind, OpenAIResponsesPartKey key) => _isReasoning && kind == ContentKind.Reasoning && !key.IsSummary;

    // The last part waits for the end of its item, which brings what goes back with it.
    private void CompleteEnded()
    {
        if (_open.Count == 0)
        {
            return;
        }

        using var begun = ParseBegun();
        foreach (var part in _open)
        {
            if (part.IsEnded)
            {
                Complete(part, RawOf(part, begun.Root, status: null), signature: null);
            }
        }

        _open.RemoveAll(part => part.IsEnded);
    }

    private void CompleteAll(PayloadValue item, string? status, string? encryptedContent)
    {
        foreach (var part in _open)
        {
            Complete(part, RawOf(part, item, status), part == _open[^1] ? encryptedContent : null);
        }

        _open.Clear();
    }

    private void Complete(OpenAIResponsesPart part, RawJson raw, string? signature)
    {
        part.Complete(raw, signature);
        if (part.Kind != ContentKind.Other)
        {
            (_completed ??= []).Add(part);
        }
    }

    private RawJson RawOf(OpenAIResponsesPart part, PayloadValue item, string? status)
    {
        var isReasoningContent = part.Key is { } key ? HasContent(part.Kind, key) : _hasContent;
        var content = part.Raw is { } whole ? [(byte)'[', .. whole.Utf8, (byte)']']
            : isReasoningContent ? NoContent
            : default;
        return OpenAIResponsesEnvelope.OfParts(item, content, status);
    }
}
