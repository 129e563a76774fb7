namespace Streamline.Protocols.Shared;

/// <summary>A block of a message while it arrives, for protocols where it begins and ends by events of its own: content or a tool call.</summary>
internal abstract class MessageBlock
{
    private readonly string? _startInput;

    /// <summary>Begins a block of content.</summary>
    /// <param name="output">Where events go.</param>
    /// <param name="content">The content; <see langword="null"/> for a block of which nothing is kept.</param>
    protected MessageBlock(DecoderOutput output, ContentBlock? content) => (Output, Content) = (output, content);

    /// <summary>Begins a tool call.</summary>
    /// <param name="output">Where events go.</param>
    /// <param name="call">The call, which has its name.</param>
    /// <param name="startInput">The arguments that came with its start; they count when no others follow.</param>
    protected MessageBlock(DecoderOutput output, ToolCallBlock call, PayloadValue startInput)
    {
        (Output, Call) = (output, call);
        _startInput = startInput.IsEmpty() ? null : startInput.GetString() ?? startInput.RawText();
    }

    /// <summary>Gets the index of the block in the events; <see langword="null"/> while it is not shown.</summary>
    public int? Index => Content?.Index ?? Call?.Index;

    /// <summary>Gets what the block holds; <see langword="null"/> for a tool call.</summary>
    public ContentKind? Kind => Content?.Kind;

    /// <summary>Gets a value indicating whether it is a call for the application of which no arguments have come.</summary>
    public bool IsBareCall => Call is { HasArguments: false, IsProviderExecuted: false } && _startInput is null;

    /// <summary>Gets the block that deltas with text grow; <see langword="null"/> when nothing of it is kept.</summary>
    public GrowingText? Text => (GrowingText?)Content ?? Call;

    protected DecoderOutput Output { get; }

    protected ContentBlock? Content { get; }

    protected ToolCallBlock? Call { get; }

    /// <summary>Appends the text of a delta: a string, or for a call any other JSON value in its place.</summary>
    /// <returns><see langword="false"/> when the block does not grow by it.</returns>
    public bool TryAppend(PayloadValue text, in Payload payload)
    {
        if (Content is not null)
        {
            return Output.TryAppend(Content, text, payload);
        }

        // A value in place of its text must not be lost: a call without arguments is a call with an empty object.
        if (Call is null || !text.Exists)
        {
            return false;
        }

        Output.AppendInput(Call, text, payload);
        return true;
    }

    /// <summary>Adds a citation of the text.</summary>
    public void Cite(PayloadValue citation) => Output.Emit(new CitationAdded(Content!.Index, citation.ToRaw()));

    /// <summary>Ends the block by its own event.</summary>
    public void Close()
    {
        Call?.Seal(Call.HasArguments ? null : _startInput);
        CompleteContent();
    }

    /// <summary>Ends the block with the message. A call that its provider did not end has no arguments.</summary>
    /// <param name="reason">Why, for a call.</param>
    public void Abandon(string reason)
    {
        Call?.Abandon(reason);
        CompleteContent();
    }

    /// <summary>Completes the content with what has come of it besides its text.</summary>
    protected virtual void Complete(ContentBlock content) => content.Complete();

    /// <summary>Appends a piece to a text that is shown only whole, and so is no longer than one that comes whole may be.</summary>
    /// <exception cref="StreamLimitException">The text is too long.</exception>
    protected void AppendPiece(ref StringBuilder? text, string piece)
    {
        text = (text ?? new StringBuilder()).Append(piece);
        var limit = Output.Options.MaxEventBytes;
        if (text.Length > limit)
        {
            throw new StreamLimitException(nameof(StreamReadOptions.MaxEventBytes), limit, text.Length);
        }
    }

    private void CompleteContent()
    {
        if (Content is not null)
        {
            Complete(Content);
        }
    }
}
