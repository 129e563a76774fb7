namespace Streamline.Json;

/// <content>The end of the Markdown fence that a document stands in: it ends the document too.</content>
internal sealed partial class JsonRepairer
{
    private const int FenceLength = 3;

    private bool _isFenced; // the document began behind a fence
    private bool _hasFenceLanguage; // behind the last fence stands the name of a language: it begins something

    // Between values: everything that is open was meant to be closed. Whether it was.
    private bool TryEndAtFence()
    {
        if (!_isFenced || _mode != PartialJsonMode.Aggressive || _record.Reader.Depth <= RootDepth)
        {
            return false;
        }

        while (Error is null && _record.Reader.Depth > RootDepth)
        {
            CloseAtFence();
        }

        return true;
    }

    private void CloseAtFence()
    {
        switch (ReaderState)
        {
            case PartialJsonReaderState.Colon:
                Report(PartialJsonRepairKind.MissingColon, _offset, isGuess: true);
                Emit(":"u8);
                break;
            case PartialJsonReaderState.Value when _record.EndsWith(JsonRowKind.PropertyName):
                Report(PartialJsonRepairKind.MissingValue, _offset, isGuess: true);
                Emit("null "u8);
                break;
            case PartialJsonReaderState.Value or PartialJsonReaderState.Name:
                TakeBackComma();
                break;
            default:
                CloseInnermost();
                break;
        }
    }

    // Behind a newline in a string: whether a byte may belong to the fence that ends the document, whose string lacks its end quote.
    private bool IsFenceEnd(byte found)
    {
        if (!_isFenced || _mode != PartialJsonMode.Aggressive || _held.Count > MaxTail || _record.Reader.IsName)
        {
            return false;
        }

        var ticks = _held.Span.Count((byte)'`');
        return found == (byte)'`' ? ticks < FenceLength && (ticks > 0 ? _held.Last == (byte)'`' : IsLineStart(_held.Span)) : ticks == FenceLength && IsSpace(found);
    }

    private static bool IsLineStart(ReadOnlySpan<byte> text) => text.TrimEnd(" \t"u8) is [.., (byte)'\n' or (byte)'\r'];

    // The end of the text. What is held ends in the fence, if there is one, which does not belong to the string.
    private bool TryDropFenceEnd()
    {
        var fence = _held.Span.IndexOf("```"u8);
        if (fence < 0)
        {
            return false;
        }

        Report(PartialJsonRepairKind.MarkdownFence, _offset - _held.Count + fence, isGuess: true);
        var kept = _held.Span[..fence].TrimEnd(" \t\r\n"u8).Length;
        _offset -= _held.Count - kept; // the held bytes end before it
        _held.Truncate(kept);
        return true;
    }
}
