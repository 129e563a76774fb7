namespace Streamline.Json;

/// <summary>Before a document: prose, fences and reasoning, and where the document begins.</summary>
internal sealed class JsonProse(JsonRepairOutput output, bool isAll)
{
    // How much of the text before a document is kept, in case it turns out to be the document: a word, or a list of them.
    private const int MaxProse = 1024;
    private const int FenceLength = 3;

    private State _state;
    private HeldBytes _held; // an opener and what follows it, or backticks
    private HeldBytes _prose;
    private long _start; // of the prose
    private bool _isLineStart = true;
    private byte _last; // the last byte that is not whitespace
    private JsonReasoningTag _tag;
    private HeldBytes _label; // the first one, in case that nothing better comes: then it was the document
    private long _labelStart;

    private enum State : byte
    {
        Prose,
        Opener, // after a bracket or brace that may begin a document
        Ticks, // after backticks
        FenceLine, // in the line of a fence
        Reasoning, // inside of <think>
    }

    /// <summary>Whether the last fence is open.</summary>
    public bool IsFenced { get; private set; }

    /// <summary>The first bytes of the document that has begun.</summary>
    public ReadOnlySpan<byte> Begun => _held.Span;

    /// <summary>Whether anything but whitespace has come.</summary>
    public bool HasProse => _prose.Count > 0;

    /// <summary>Whether nothing but whitespace has come, and nothing else is waited for.</summary>
    public bool IsIdle => !HasProse && _state == State.Prose;

    // Whether there was more of it than is kept.
    private bool IsLost => _prose.Count > MaxProse;

    // Where a bracket in prose is likely to begin a document.
    private bool IsPlainPlace => _isLineStart || JsonOpener.IsPlainPlace(_last) || output.EndsInArray;

    /// <summary>Takes the next byte.</summary>
    /// <param name="found">The byte.</param>
    /// <param name="offset">Where it stands.</param>
    /// <param name="mayBeScalar">Whether a document other than an object or array may begin.</param>
    /// <returns>Whether a document begins: see <see cref="Begun"/>, which ends with the byte.</returns>
    public bool Take(byte found, long offset, bool mayBeScalar)
    {
        switch (_state)
        {
            case State.Opener:
                return TakeBehindOpener(found, offset);
            case State.Ticks:
                return TakeBehindTicks(found, offset, mayBeScalar);
            case State.FenceLine when found is not ((byte)'\n' or (byte)'\r' or (byte)'{' or (byte)'[' or (byte)'"'):
                return false;
            case State.Reasoning:
                _state = _tag.Ends(found) ? State.Prose : State.Reasoning;
                return false;
            default:
                _state = State.Prose;
                return TakeInProse(found, offset, mayBeScalar);
        }
    }

    /// <summary>Prose that was taken for a document, which ends before the offset.</summary>
    public void Add(ReadOnlySpan<byte> prose, long offset)
    {
        offset -= prose.Length;
        foreach (var found in prose)
        {
            Add(found, offset++);
        }
    }

    /// <summary>Reports what came before the document, and forgets it.</summary>
    public void Report(PartialJsonRepairKind kind = PartialJsonRepairKind.TextBefore)
    {
        var isAfter = kind == PartialJsonRepairKind.TextAfter || output.Record.Tape.Count > 0;
        if (isAll && output.MayGuess && HasProse && !IsLost && (_isLineStart || kind == PartialJsonRepairKind.TextAfter) && AreScalars(_prose.Span))
        {
            WriteAsElements(_prose.Span); // a document each
            output.Write(kind == PartialJsonRepairKind.TextAfter ? default : " "u8);
        }
        else if (_tag.HasDocument)
        {
            output.Report(PartialJsonRepairKind.ReasoningBlock, _start, isGuess: true); // it does not end
        }
        else if (HasProse && (isAfter || (isAll && _isLineStart)) && !output.MayGuess && !IsLost && (HasScalar(_prose.Span) || (isAfter && BeginsWithScalar(_prose.Span)) || _prose.Span[0] is (byte)':' or (byte)'}' or (byte)']'))
        {
            output.Refuse(kind, _start); // it may be data
        }
        else if (HasProse)
        {
            output.Report(kind, _start);
        }

        Clear();
    }

    /// <summary>Forgets what came before the document.</summary>
    public void Clear()
    {
        _prose.Clear();
        _isLineStart = true;
        _last = default;
    }

    /// <summary>The text ends in what may begin a document: it does.</summary>
    public bool TryEnd()
    {
        if (_state == State.Opener)
        {
            _state = State.Prose;
            return true;
        }

        return false;
    }

    /// <summary>The text has ended without another document: a word in brackets was the document.</summary>
    /// <param name="start">Where it stands.</param>
    public bool TryTakeLabel(out long start)
    {
        start = _labelStart;
        if (_label.Count == 0)
        {
            return false;
        }

        if (_start >= _labelStart)
        {
            Clear();
        }

        _held.Clear();
        _held.Add(_label.Span);
        _label.Clear();
        return true;
    }

    /// <summary>The text has ended and no document has begun: what came is a value without quotes.</summary>
    public void WriteAsValue()
    {
        if (IsLost)
        {
            Report();
            return;
        }

        var text = _prose.Span.TrimEnd(" \t\r\n,;"u8);
        if (text.IsEmpty)
        {
            return;
        }

        if (isAll)
        {
            WriteAsElements(text);
        }
        else
        {
            WriteAsValue(text, _start);
        }

        Clear();
    }

    // Literals and numbers that have a line each are a document each.
    private void WriteAsElements(ReadOnlySpan<byte> text)
    {
        output.Write(output.Record.Tape.Count == 0 ? "["u8 : default);
        if (!AreScalars(text))
        {
            WriteAsValue(text, _start);
            output.Write(output.Record.Reader.State == PartialJsonReaderState.Text ? "\""u8 : default);
            return;
        }

        foreach (var line in text.Split((byte)'\n'))
        {
            var word = text[line].Trim(" \t\r"u8);
            if (!word.IsEmpty)
            {
                output.Write(output.Record.Reader.State == PartialJsonReaderState.ElementOrEnd ? default : ","u8);
                JsonEditWriter.WriteValue(output, word, _start + line.Start.Value, isAtEnd: true);
            }
        }
    }

    private void WriteAsValue(ReadOnlySpan<byte> text, long offset)
    {
        var isQuoted = text.Length > 1 && text[^1] == (byte)'"';
        JsonEditWriter.WriteValue(output, isQuoted ? text[..^1] : text, offset, isAtEnd: true);
    }

    // Whether every line is a literal or number.
    private static bool AreScalars(ReadOnlySpan<byte> text) => CountLines(text) is var (scalars, others) && scalars > 0 && others == 0;

    // Whether the first word is one: more data may follow it.
    private static bool BeginsWithScalar(ReadOnlySpan<byte> text) => text.IndexOfAny(" \t\r\n"u8) is > 0 and var end && JsonBareWord.IsScalar(text[..end]);

    // Whether a line is one.
    private static bool HasScalar(ReadOnlySpan<byte> text) => CountLines(text).Scalars > 0;

    private static (int Scalars, int Others) CountLines(ReadOnlySpan<byte> text)
    {
        var (scalars, others) = (0, 0);
        foreach (var line in text.Split((byte)'\n'))
        {
            var word = text[line].Trim(" \t\r"u8);
            var isScalar = JsonBareWord.IsScalar(word);
            scalars += isScalar ? 1 : 0;
            others += word.IsEmpty || isScalar ? 0 : 1;
        }

        return (scalars, others);
    }

    private bool TakeInProse(byte found, long offset, bool mayBeScalar)
    {
        switch (found)
        {
            case (byte)'{' or (byte)'"' or (byte)'\'' when !HasProse:
            case (byte)'t' or (byte)'f' or (byte)'n' or (byte)'-' or (>= (byte)'0' and <= (byte)'9') when !HasProse && mayBeScalar:
                _held.Clear();
                _held.Add(found);
                return true;
            case (byte)'{' or (byte)'[':
                _held.Clear();
                _held.Add(found);
                _state = State.Opener;
                return false;
            case (byte)'`':
                _held.Clear();
                _held.Add(found);
                _state = State.Ticks;
                return false;
            case (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' when !HasProse:
                return false;
        }

        if (_tag.Begins(found))
        {
            output.Report(PartialJsonRepairKind.ReasoningBlock, offset + 1 - _tag.Length);
            Clear();
            _start = offset + 1 - _tag.Length;
            _state = State.Reasoning;
            return false;
        }

        Add(found, offset);
        return false;
    }

    private bool TakeBehindOpener(byte found, long offset)
    {
        _held.Add(found);
        var verdict = JsonOpener.LooksLikeDocument(_held.Span, IsPlainPlace);
        if (verdict == true)
        {
            _state = State.Prose;
            _label.Clear();
        }
        else if (verdict == false)
        {
            return LeaveOpener(offset + 1);
        }

        return verdict == true;
    }

    // It is prose. What follows it may begin a document.
    private bool LeaveOpener(long end)
    {
        var start = end - _held.Count;
        if (IsPlainPlace && _held.Span[0] == (byte)'[' && _label.Count == 0)
        {
            _label.Add(_held.Span);
            _labelStart = start;
        }

        Add(_held.Span[0], start);
        _state = State.Prose;
        using var buffer = new PooledBytes(_held.Count - 1);
        _held.Span[1..].CopyTo(buffer.Span);
        var isBegun = false;
        for (var index = 0; index < buffer.Span.Length; index++)
        {
            if (isBegun)
            {
                _held.Add(buffer.Span[index..]);
                break;
            }

            isBegun = Take(buffer.Span[index], start + 1 + index, mayBeScalar: false);
        }

        return isBegun;
    }

    private bool TakeBehindTicks(byte found, long offset, bool mayBeScalar)
    {
        if (found == (byte)'`' && _held.Count < FenceLength)
        {
            _held.Add(found);
            return false;
        }

        if (_held.Count == FenceLength)
        {
            TakeFence(offset);
        }
        else
        {
            Add(_held.Span, offset);
            _state = State.Prose;
        }

        return Take(found, offset, mayBeScalar);
    }

    private void TakeFence(long end)
    {
        if (!IsFenced)
        {
            Report(); // else what the fence holds is the document, if no other one comes
        }

        output.Report(PartialJsonRepairKind.MarkdownFence, end - FenceLength);
        IsFenced = !IsFenced;
        _state = State.FenceLine;
    }

    private void Add(byte found, long offset)
    {
        if (!HasProse)
        {
            _start = offset;
        }

        if (!IsLost)
        {
            _prose.Add(found);
        }

        if (found is (byte)'\n' or (byte)'\r')
        {
            _isLineStart = true;
        }
        else if (found is not ((byte)' ' or (byte)'\t'))
        {
            _isLineStart = false;
            _last = found;
        }
    }
}
