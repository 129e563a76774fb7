namespace Streamline.Protocols.Shared;

/// <summary>
/// What the parts of a decoder share: where events go, how blocks are numbered, and whether the payload at hand did nothing but grow one block, so that
/// the next of its shape need not be parsed.
/// </summary>
/// <param name="options">The limits.</param>
/// <param name="emit">Where events go.</param>
/// <param name="rules">Which values may differ among payloads of one shape; <see langword="null"/> to parse every payload.</param>
internal sealed class DecoderOutput(StreamReadOptions options, Action<StreamEvent> emit, TemplateRules? rules = null)
{
    private readonly DeltaTemplates? _templates = rules is null ? null : new DeltaTemplates(rules);
    private int _nextIndex;
    private int _openBlocks;
    private long _eventsBefore;
    private long _openArgumentBytes;
    private ToolCallIds? _calls;
    private PassedMember? _passed; // of the payload at hand
    private int _passedCount;

    public StreamReadOptions Options { get; } = options;

    /// <summary>Gets or sets the id of the response, from which ids are made for calls that have none.</summary>
    public string? ResponseId { get; set; }

    /// <summary>Gets the ids of the response's tool calls.</summary>
    public ToolCallIds Calls => _calls ??= new ToolCallIds();

    /// <summary>Gets a value indicating whether a call was sealed that the application has to answer.</summary>
    public bool HasCallsToAnswer => _calls is { HasToAnswer: true };

    /// <summary>Gets how many events there were so far, reports of token counts not included.</summary>
    public long EventCount { get; private set; }

    /// <summary>Gets the block that grew last.</summary>
    public GrowingText? Grown { get; private set; }

    /// <summary>Gets the text that it grew by, as a place in the payload.</summary>
    public JsonSlice GrownBy { get; private set; }

    /// <summary>Decodes a payload whose shape is known.</summary>
    /// <param name="data">The payload.</param>
    /// <param name="match">What it holds besides its text.</param>
    /// <returns><see langword="false"/> when the payload must be parsed; nothing has happened then.</returns>
    public bool TryAppendKnown(ReadOnlySpan<byte> data, out TemplateMatch match)
    {
        match = default;
        if (_templates is null || !_templates.TryAppend(data, out match))
        {
            return false;
        }

        if (!match.Passed.IsEmpty && _templates.LastPassed is { } passed)
        {
            Emit(new ProviderMetadata(passed.Name, new RawJson(match.Passed), passed.Index));
        }

        return true;
    }

    /// <summary>Begins a payload that is parsed.</summary>
    public void BeginPayload()
    {
        _eventsBefore = EventCount;
        (_passed, _passedCount) = (null, 0);
        ClearGrown();
    }

    /// <summary>
    /// Ends a payload that was parsed. If all it did was to grow one block, and to pass one member of it through, its shape is remembered.
    /// </summary>
    public void EndPayload(in Payload payload)
    {
        if (EventCount == _eventsBefore + 1 + _passedCount
            && Grown is { IsOpen: true } grown
            && GrownBy.Length > 0
            && (_passedCount == 0 || (_passedCount == 1 && grown is ContentBlock content && content.Index == _passed?.Index)))
        {
            _templates?.Learn(payload, grown, GrownBy, _passed);
        }
    }

    /// <summary>
    /// Forgets all shapes, because a payload that fits one may mean something else now: another block than the one that it grew, or a report of something
    /// that has changed meanwhile. The end of a block needs no call: its shapes end with it.
    /// </summary>
    public void ForgetShapes() => _templates?.Forget();

    /// <summary>Forgets the shapes whose payloads do not name their block.</summary>
    public void ForgetUnnamedShapes() => _templates?.ForgetUnnamed();

    /// <summary>Has the blocks of payloads found by their counter, so that a shape fits all blocks of a kind.</summary>
    public void FindBlocksIn(IIndexedBlocks blocks)
    {
        if (_templates is not null)
        {
            _templates.Blocks = blocks;
        }
    }

    /// <summary>Returns the memory of the shapes to the pool.</summary>
    public void Release() => _templates?.Clear();

    public void Emit(StreamEvent streamEvent)
    {
        EventCount++;
        emit(streamEvent);
    }

    /// <summary>Reports a value as metadata of this payload alone, such as log probabilities.</summary>
    /// <param name="name">The name to report it under.</param>
    /// <param name="value">The value.</param>
    /// <param name="index">The block that it belongs to; <see langword="null"/> for the response.</param>
    public void Pass(string name, PayloadValue value, int? index)
    {
        _passedCount++;
        var isAfterGrowth = Grown is not null && EventCount == _eventsBefore + 1;
        _passed = isAfterGrowth && (value.IsObject || value.IsArray) ? new PassedMember(name, index, value.Slice) : null;
        Emit(new ProviderMetadata(name, value.ToRaw(), index));
    }

    /// <summary>Reports token counts.</summary>
    public void EmitUsage(TokenUsage usage)
    {
        _templates?.ForgetUsage();
        emit(new UsageUpdated { Usage = usage });
    }

    /// <summary>Appends a text of the payload to a block.</summary>
    public void Append(GrowingText block, JsonSlice text, ReadOnlySpan<byte> payload)
    {
        // The payload was parsed, so every escape in it is valid.
        _ = block.TryAppend(text.In(payload), text.IsEscaped);
        (Grown, GrownBy) = (block, text);
    }

    /// <summary>Appends a value of the payload to a block of text.</summary>
    /// <returns><see langword="false"/> when the value <see cref="PayloadValue.IsText">is not read as text</see>; nothing has happened then.</returns>
    public bool TryAppend(GrowingText block, PayloadValue text, in Payload payload)
    {
        if (!text.IsText)
        {
            return false;
        }

        Append(block, text.Slice, payload.Bytes);
        if (!text.IsString)
        {
            ClearGrown();
        }

        return true;
    }

    /// <summary>Appends a piece of the arguments of a call: text, or any other JSON value in its place.</summary>
    public void AppendInput(ToolCallBlock call, PayloadValue input, in Payload payload)
    {
        if (input.IsString)
        {
            Append(call, input.Slice, payload.Bytes);
        }
        else if (!input.IsMissing)
        {
            call.AppendValue(input.RawText());
        }
    }

    /// <summary>Forgets which block grew last: a payload of the same shape may mean something else next time.</summary>
    public void ClearGrown() => (Grown, GrownBy) = (null, default);

    /// <summary>Opens a block.</summary>
    /// <returns>Its index in the events.</returns>
    /// <exception cref="StreamLimitException">Too many blocks are open.</exception>
    public int OpenBlock()
    {
        CountOpenBlock();
        return _nextIndex++;
    }

    /// <summary>Counts a block that has no index yet.</summary>
    /// <exception cref="StreamLimitException">Too many blocks are open.</exception>
    public void CountOpenBlock()
    {
        if (_openBlocks >= Options.MaxOpenBlocks)
        {
            throw new StreamLimitException(nameof(StreamReadOptions.MaxOpenBlocks), Options.MaxOpenBlocks, _openBlocks + 1L);
        }

        _openBlocks++;
    }

    /// <summary>Counts the arguments of an open call towards the limit on those of all calls that are open.</summary>
    /// <param name="counted">How many of its bytes are counted; set to <paramref name="bytes"/>.</param>
    /// <param name="bytes">How many bytes it has; 0 when it is no longer open.</param>
    /// <exception cref="StreamLimitException">All open calls together have too many.</exception>
    public void CountArguments(ref long counted, long bytes)
    {
        _openArgumentBytes += bytes - counted;
        counted = bytes;
        if (_openArgumentBytes > Options.MaxOpenArgumentBytes)
        {
            throw new StreamLimitException(nameof(StreamReadOptions.MaxOpenArgumentBytes), Options.MaxOpenArgumentBytes, _openArgumentBytes);
        }
    }

    public int NextIndex() => _nextIndex++;

    public void CloseBlock() => _openBlocks--;
}
