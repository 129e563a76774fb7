using Streamline.Protocols.Bedrock;

namespace Streamline.Protocols.Shared;

/// <summary>What the parts of a decoder share: where events go, how blocks are numbered, and which block the last delta went to.</summary>
internal sealed class DecoderOutput(StreamReadOptions options, Action<StreamEvent> emit)
{
    private int _nextIndex;
    private int _openBlocks;

    public StreamReadOptions Options { get; } = options;

    /// <summary>Gets or sets the id of the response, of which ids of calls are made that have none.</summary>
    public string? ResponseId { get; set; }

    /// <summary>Gets how many events there were so far.</summary>
    public long EventCount { get; private set; }

    /// <summary>Gets the block that grew last.</summary>
    public GrowingText? Grown { get; private set; }

    /// <summary>Gets the text that it grew by, as a place in the payload.</summary>
    public JsonSlice GrownBy { get; private set; }

    public void Emit(StreamEvent streamEvent)
    {
        EventCount++;
        emit(streamEvent);
    }

    /// <summary>Appends a text of the payload to a block.</summary>
    public void Append(GrowingText block, JsonSlice text, ReadOnlySpan<byte> payload)
    {
        // A JSON reader has accepted the payload, so that every escape in it is one.
        _ = block.TryAppend(text.In(payload), text.IsEscaped);
        (Grown, GrownBy) = (block, text);
    }

    /// <summary>Forgets which block grew last.</summary>
    public void ClearGrown() => (Grown, GrownBy) = (null, default);

    /// <summary>Gives a block that opens its index.</summary>
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

    public int NextIndex() => _nextIndex++;

    public void CloseBlock() => _openBlocks--;
}
