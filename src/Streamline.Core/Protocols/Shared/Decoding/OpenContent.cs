namespace Streamline.Protocols.Shared;

/// <summary>The blocks of one answer of a protocol that does not mark where they begin and end: a block lasts until something of another kind comes.</summary>
/// <param name="output">Where events go.</param>
/// <param name="choice">The number of the answer.</param>
internal sealed class OpenContent(DecoderOutput output, int choice)
{
    private ContentBlock? _block;
    private RawJson? _raw;

    /// <summary>Gets the index of the open block; <see langword="null"/> when there is none.</summary>
    public int? Index => _block?.Index;

    /// <summary>Gets what the open block holds; <see langword="null"/> when there is none.</summary>
    public ContentKind? Kind => _block?.Kind;

    /// <summary>Appends a text of the payload to the open block, or to a new one when that is of another kind.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="kind">What the text is.</param>
    /// <param name="text">A string of the payload. A number and a boolean are text too; anything else, and an empty text, does nothing.</param>
    /// <param name="raw">What a block of this kind is completed with; <see langword="null"/> for nothing.</param>
    /// <returns>Whether there was text.</returns>
    public bool Append(in Payload payload, ContentKind kind, PayloadValue text, RawJson? raw = null)
    {
        if (!text.IsText || text.Slice.Length == 0)
        {
            return false;
        }

        if (_block?.Kind != kind)
        {
            Open(kind, raw);
        }

        return output.TryAppend(_block!, text, payload);
    }

    /// <summary>Begins a block, after the end of the one that is open.</summary>
    /// <param name="kind">What it holds.</param>
    /// <param name="raw">What it is completed with; <see langword="null"/> for nothing.</param>
    public void Open(ContentKind kind, RawJson? raw)
    {
        Close();
        _block = new ContentBlock(output, kind, choice);
        _raw = raw;
    }

    /// <summary>Ends the open block, if there is one.</summary>
    public void Close() => Close(signature: null, _raw);

    /// <summary>Ends the open block, if there is one.</summary>
    /// <param name="signature">Its signature; <see langword="null"/> for none.</param>
    /// <param name="raw">What must go back with it; <see langword="null"/> for nothing.</param>
    public void Close(string? signature, RawJson? raw)
    {
        if (_block is { } block)
        {
            block.Signature = signature;
            block.Raw = raw;
            block.Complete();
        }

        _block = null;
        _raw = null;
    }

    /// <summary>Adds a block that came whole.</summary>
    /// <param name="kind">What it holds.</param>
    /// <param name="raw">The block.</param>
    public void AddWhole(ContentKind kind, RawJson raw)
    {
        Open(kind, raw);
        Close();
    }
}
