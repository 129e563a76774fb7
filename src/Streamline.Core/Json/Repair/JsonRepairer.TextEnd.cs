namespace Streamline.Json;

/// <content>The end of the text in an open string.</content>
internal sealed partial class JsonRepairer
{
    // When the closers at its end are just those that are missing, the quote was missing before them.
    private void EndTextAtEnd()
    {
        if (_state != JsonRepairState.Tail)
        {
            _held.Clear();
            HoldTail();
        }

        _state = JsonRepairState.Grammar;
        var isFenceEnd = TryDropFenceEnd();
        var isClosed = _mode == PartialJsonMode.Aggressive && !_record.Reader.IsName && _quotes != JsonQuotes.Embedding && IsEveryCloser(_held.Span);
        if (!isClosed && !isFenceEnd)
        {
            ReleaseHeldText();
            return;
        }

        Report(PartialJsonRepairKind.MissingQuote, _offset - _held.Count, isGuess: true);
        if (isFenceEnd && !isClosed)
        {
            EmitAnyText(_held.Span, _offset - _held.Count);
            _held.Clear();
        }

        CloseText();
        ReplayHeld();
    }

    private bool IsEveryCloser(ReadOnlySpan<byte> tail)
    {
        var containers = _record.Reader.Containers;
        if (containers.Depth == 0)
        {
            return false;
        }

        foreach (var found in tail)
        {
            if (found is not ((byte)'}' or (byte)']'))
            {
                continue;
            }

            if (containers.Depth == 0 || containers.IsObject != (found == (byte)'}'))
            {
                return false;
            }

            containers.Pop();
        }

        return containers.Depth == RootDepth;
    }
}
