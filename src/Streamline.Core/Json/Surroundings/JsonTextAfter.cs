namespace Streamline.Json;

/// <summary>After the document, where no other one is read: what follows is skipped and reported. Without guesses, nothing that may be data is skipped.</summary>
internal sealed class JsonTextAfter(JsonRepairOutput output)
{
    private bool _isTextReported;
    private bool _isFenceReported; // what follows a fence cannot be data
    private bool _isLineStart = true;
    private bool _isRootLineOver;
    private byte _last; // the last byte that is not whitespace
    private int _openInProse;
    private long _openerOffset;
    private HeldBytes _opener; // a bracket, and what follows it
    private bool _isPlainPlace;
    private JsonWordAfter _word;

    /// <summary>Whether more than one document was found.</summary>
    public bool HasFurtherDocuments { get; private set; }

    private bool IsReported => _isTextReported || _isFenceReported || HasFurtherDocuments;

    /// <summary>Reports another document.</summary>
    /// <param name="offset">Where it begins.</param>
    /// <param name="isDropped">Whether it, or the document before it, is dropped.</param>
    public void ReportDocument(long offset, bool isDropped)
    {
        HasFurtherDocuments = true;
        output.Report(PartialJsonRepairKind.FurtherDocument, offset, isDropped);
    }

    /// <summary>Takes the next bytes.</summary>
    /// <returns>How many were taken.</returns>
    public int Skip(ReadOnlySpan<byte> input, long offset)
    {
        var space = input.IndexOfAnyExcept(" \t\r\n"u8);
        if (space != 0 && !IsReported && _last == 0)
        {
            // Whitespace right after the document belongs to its text.
            output.Accept(space < 0 ? input : input[..space], out var count);
            TakeNewlines(input[..count].ContainsAny((byte)'\n', (byte)'\r'));
            return count;
        }

        for (var index = 0; index < input.Length && output.Error is null && !(output.MayGuess && _isTextReported && HasFurtherDocuments); index++)
        {
            Take(input[index], offset + index);
        }

        return input.Length;
    }

    /// <summary>The text has ended.</summary>
    public void Complete()
    {
        TakeWord((byte)'\n');
        TakeAfterOpener(null);
    }

    private void Take(byte found, long offset)
    {
        TakeWord(found);
        TakeAfterOpener(found);
        if (found is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
        {
            TakeNewlines(found is (byte)'\n' or (byte)'\r');
            return;
        }

        if (found is (byte)'{' or (byte)'[')
        {
            _openInProse++;
            _opener.Clear();
            _opener.Add(found);
            _isPlainPlace = JsonOpener.IsPlainPlace(_last) || output.EndsInArray;
            _openerOffset = offset;
            if (_isLineStart && !HasFurtherDocuments)
            {
                ReportDocument(offset, isDropped: true);
            }
        }
        else if (found == (byte)'`' && !_isTextReported && _opener.Count == 0)
        {
            if (!_isFenceReported)
            {
                _isFenceReported = true;
                output.Report(PartialJsonRepairKind.MarkdownFence, offset);
            }
        }
        else if (!_isTextReported && _opener.Count == 0)
        {
            _isTextReported = true;
            if (_isFenceReported)
            {
                output.Report(PartialJsonRepairKind.TextAfter, offset);
            }
            else
            {
                _word.Begin(found, offset, isOnRootLine: !_isRootLineOver);
                output.Report(KindOf(found), offset, isGuess: found is (byte)',' or (byte)'}' or (byte)']' or (byte)'"' or (byte)':');
            }
        }
        else if (_last == (byte)';' && !_isRootLineOver)
        {
            _word.Begin(found, offset, isOnRootLine: true);
        }
        else if (!output.MayGuess && ((found is (byte)'}' or (byte)']' && --_openInProse < 0) || (found == (byte)':' && _last == (byte)'"')))
        {
            output.Refuse(KindOf(found), offset); // it may be data
        }

        _last = found;
        _isLineStart = false;
    }

    private void TakeNewlines(bool hasAny)
    {
        _isLineStart |= hasAny;
        _isRootLineOver |= hasAny;
    }

    private void TakeWord(byte found)
    {
        if (!output.MayGuess && _word.Take(found))
        {
            output.Refuse(PartialJsonRepairKind.TextAfter, _word.Offset);
        }
    }

    // A bracket inside of a line begins a document when what follows it looks like one.
    private void TakeAfterOpener(byte? next)
    {
        if (HasFurtherDocuments || _opener.Count == 0)
        {
            return;
        }

        bool? verdict = false;
        if (next is { } found)
        {
            _opener.Add(found);
            verdict = JsonOpener.LooksLikeDocument(_opener.Span, _isPlainPlace);
        }

        if (verdict == true)
        {
            ReportDocument(_openerOffset, isDropped: true);
        }
        else if (verdict == false && !_isTextReported)
        {
            _isTextReported = true;
            output.Report(PartialJsonRepairKind.TextAfter, _openerOffset);
        }

        if (verdict is not null)
        {
            _opener.Clear();
        }
    }

    private static PartialJsonRepairKind KindOf(byte found) => found switch
    {
        (byte)'/' => PartialJsonRepairKind.Comment,
        (byte)',' => PartialJsonRepairKind.ExtraComma,
        (byte)'}' or (byte)']' => PartialJsonRepairKind.ExtraCloser,
        _ => PartialJsonRepairKind.TextAfter,
    };
}
