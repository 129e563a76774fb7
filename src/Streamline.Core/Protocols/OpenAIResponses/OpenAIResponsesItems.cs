namespace Streamline.Protocols.OpenAIResponses;

/// <summary>
/// The items of a response: which one an event belongs to, and what of the terminal output was told already. Some servers change an item's id
/// from event to event, others its index, and others leave out either; items may overlap, as those of several agents do.
/// </summary>
/// <param name="output">Where events go.</param>
internal sealed class OpenAIResponsesItems(DecoderOutput output)
{
    private readonly BlockTable<OpenAIResponsesItem> _table = new(output.Options);
    private readonly OpenAIResponsesAnswers _answers = new(output);
    private HashSet<BlockEntry<OpenAIResponsesItem>>? _takenOver; // announced calls that the end of another item completed

    /// <summary>Gets or sets a value indicating whether the stream resumes a response whose first events were read before.</summary>
    public bool IsResumed { get; set; }

    /// <summary>Gets a value indicating whether the model waits for the application's answer to a call.</summary>
    public bool IsAwaitingAnswers => _answers.IsAwaitingAny;

    public bool HasRefusal { get; private set; }

    public bool IsEmpty => _table.Entries.Count == 0;

    /// <summary>Gets the place of the first open item among all, as the provider counts it; <see langword="null"/> when none is open.</summary>
    public long? OpenIndex => _table.OpenIndex;

    /// <summary>Begins an item by its own event.</summary>
    public void Begin(PayloadValue root, PayloadValue item)
    {
        var (id, index) = (item.NonEmptyText("id"u8), IndexOf(root));
        if (_table.FindById(id) is not { } known || (index is not null && known.Index is not null && known.Index != index))
        {
            Open(index, id, item.Word("type"u8), item, isContinued: false);
        }
    }

    /// <summary>Ends an item by its own event.</summary>
    public void End(in Payload payload, PayloadValue item)
    {
        var type = item.Word("type"u8) ?? "";
        var (id, index) = (item.NonEmptyText("id"u8), IndexOf(payload.Root));
        var entry = _table.Find(id, index)
            ?? OfSameCall(FindByIndex(index, type), item)
            ?? (index is null ? OfSameCall(_table.FindOpen(type), item) : null);
        entry = TakeOver(entry, item) ?? entry;
        if (entry is { IsEnded: true } && _takenOver?.Contains(entry) == true)
        {
            entry = null;
        }

        if (entry is { IsEnded: true, Value: var ended })
        {
            if (ended is OpenAIResponsesPartsItem)
            {
                ended.Complete(payload, item);
            }
        }
        else if (entry is not null || !IsRepeat(item))
        {
            Complete(payload, entry ?? Open(index, id, type, item, isContinued: IsResumed), item);
        }
    }

    /// <summary>
    /// Finds the item that an event belongs to, or begins one whose beginning a server left out; <see langword="null"/> for a call that has ended. Text may
    /// come after the end of its item.
    /// </summary>
    /// <param name="root">The event.</param>
    /// <param name="type">The type of item that has such events.</param>
    public OpenAIResponsesItem? FindOrOpen(PayloadValue root, string type)
    {
        var id = root.NonEmptyText("item_id"u8);
        var index = IndexOf(root);
        var entry = _table.Find(id, index) is { } known && known.Type == type ? known : FindByIndex(index, type);
        if (entry is null && (index is null || _table.FindByIndex(index.Value) is not null))
        {
            // Without an index, or with that of another item, the open item of the type is meant.
            entry = _table.FindOpen(type);
        }

        entry ??= Open(index, id, type, begun: default, isContinued: IsResumed);
        return entry is { IsEnded: true, Value: not OpenAIResponsesPartsItem } ? null : entry.Value;
    }

    /// <summary>Gets the block of the item that an event belongs to; <see langword="null"/> when there is none.</summary>
    public int? BlockOf(PayloadValue root)
    {
        var index = IndexOf(root);
        var entry = _table.Find(root.NonEmptyText("item_id"u8), index) ?? (index is null ? null : _table.FindByIndex(index.Value));
        return entry is { IsEnded: false } ? entry.Value.BlockIndex : null;
    }

    /// <summary>
    /// Ends what is open with the items of the whole response, and adds those that were never sent. An item whose whole is not there is not sealed.
    /// </summary>
    public void EndAll(in Payload payload, PayloadValue items)
    {
        var matched = new HashSet<BlockEntry<OpenAIResponsesItem>>();
        var position = 0;
        foreach (var item in items.Items)
        {
            if (item.IsObject)
            {
                EndListed(payload, item, position, matched);
            }

            position++;
        }

        while (_table.TryEndFirst(out var open))
        {
            open.Value.Abandon();
            Note(open);
        }

        // Those to which text was added after their end.
        foreach (var entry in _table.Entries)
        {
            if (entry.Value is OpenAIResponsesPartsItem item)
            {
                item.Abandon();
            }
        }
    }

    private void EndListed(in Payload payload, PayloadValue item, int position, HashSet<BlockEntry<OpenAIResponsesItem>> matched)
    {
        var entry = FindListed(item, position, matched);
        if (entry is null)
        {
            // What a resumed stream did not bring was in the part of it that came before.
            if (IsResumed || IsRepeat(item))
            {
                return;
            }

            entry = Open(index: null, item.NonEmptyText("id"u8), item.Word("type"u8), item, isContinued: false);
        }

        matched.Add(entry);
        if (!entry.IsEnded)
        {
            Complete(payload, entry, item);
        }
        else if (entry.Value is OpenAIResponsesPartsItem ended && (entry.Index == position || (entry.Id is { } id && item.TextEquals("id"u8, Encoding.UTF8.GetBytes(id)))))
        {
            ended.Complete(payload, item);
        }
    }

    // By id, by the id of its call, by place, or else the first of its type that no other item of the list is.
    private BlockEntry<OpenAIResponsesItem>? FindListed(PayloadValue item, int position, HashSet<BlockEntry<OpenAIResponsesItem>> matched)
    {
        var type = item.Word("type"u8) ?? "";
        if (_table.Find(item.NonEmptyText("id"u8), position) is { } known && !matched.Contains(known))
        {
            return known;
        }

        if (CallIdOf(item) is { } callId && FindCall(callId, type, matched) is { } call)
        {
            return call;
        }

        if (OfSameCall(FindByIndex(position, type), item) is { } placed && !matched.Contains(placed))
        {
            return placed;
        }

        foreach (var entry in _table.Entries)
        {
            if (entry.Type == type && !matched.Contains(entry) && OfSameCall(entry, item) is not null)
            {
                return entry;
            }
        }

        return null;
    }

    private BlockEntry<OpenAIResponsesItem>? FindCall(string callId, string type, HashSet<BlockEntry<OpenAIResponsesItem>> matched)
    {
        foreach (var entry in _table.Entries)
        {
            if (entry.Type == type && entry.Value is OpenAIResponsesCallItem call && call.CallId == callId && !matched.Contains(entry))
            {
                return entry;
            }
        }

        return null;
    }

    /// <summary>Finds the call that was announced under another item and is completed by this one; <see langword="null"/> for none.</summary>
    /// <param name="found">What was found under the item's own id or index.</param>
    /// <param name="item">The whole item.</param>
    private BlockEntry<OpenAIResponsesItem>? TakeOver(BlockEntry<OpenAIResponsesItem>? found, PayloadValue item)
    {
        if (found?.Value.BlockIndex is not null || CallIdOf(item) is not { } callId || !output.Calls.IsTaken(callId))
        {
            return null;
        }

        foreach (var entry in _table.Entries)
        {
            if (!entry.IsEnded && entry != found && entry.Value is OpenAIResponsesCallItem call && call.IsBegunAs(callId, item))
            {
                if (found is { IsEnded: false })
                {
                    found.Value.Abandon();
                    Note(found);
                }

                (_takenOver ??= []).Add(entry);
                return entry;
            }
        }

        return null;
    }

    // A place does not make an item the end of a call with another id.
    private static BlockEntry<OpenAIResponsesItem>? OfSameCall(BlockEntry<OpenAIResponsesItem>? entry, PayloadValue item) =>
        entry?.Value is OpenAIResponsesCallItem { CallId: { } known } && CallIdOf(item) is { } callId && callId != known ? null : entry;

    private static string? CallIdOf(PayloadValue item) =>
        OpenAIResponsesItemTypes.IsApplicationCall(item.Word("type"u8)) ? item.NonEmptyText("call_id"u8) : null;

    private BlockEntry<OpenAIResponsesItem>? FindByIndex(long? index, string type) =>
        index is { } known && _table.FindByIndex(known) is { } entry && entry.Type == type ? entry : null;

    // A call that was told before under another id of its item.
    private bool IsRepeat(PayloadValue item) =>
        CallIdOf(item) is { } id && output.Calls.IsRepeat(id, item.Text("name"u8) ?? "", item.Text("arguments"u8) ?? item.Text("input"u8) ?? "");

    private void Complete(in Payload payload, BlockEntry<OpenAIResponsesItem> entry, PayloadValue item)
    {
        entry.Value.Complete(payload, item);
        Note(entry);
        _answers.Note(item);
    }

    private void Note(BlockEntry<OpenAIResponsesItem> entry)
    {
        _table.End(entry);
        HasRefusal |= entry.Value is OpenAIResponsesPartsItem { HasRefusal: true };
    }

    private BlockEntry<OpenAIResponsesItem> Open(long? index, string? id, string? type, PayloadValue begun, bool isContinued)
    {
        OpenAIResponsesItem item = type switch
        {
            OpenAIResponsesItemTypes.Message or OpenAIResponsesItemTypes.Reasoning => new OpenAIResponsesPartsItem(output, type, begun, isContinued),
            not null when OpenAIResponsesItemTypes.IsApplicationCall(type) || OpenAIResponsesItemTypes.IsProviderCall(type) => new OpenAIResponsesCallItem(output, type, begun),
            _ => new OpenAIResponsesWholeItem(output, begun),
        };
        output.ForgetShapes(); // An event that belonged to another item may belong to this one now.
        return _table.Add(index, id, type, item);
    }

    private static long? IndexOf(PayloadValue root) => root.Member("output_index"u8).GetCount();
}
