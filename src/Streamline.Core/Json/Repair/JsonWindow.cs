namespace Streamline.Json;

/// <summary>The bytes that wait for a decision, and their place in the text as received.</summary>
internal sealed class JsonWindow
{
    private readonly byte[] _before = new byte[1];
    private HeldBytes _bytes;

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.Span;

    /// <summary>The offset of the first of them.</summary>
    public long Start { get; private set; }

    /// <summary>The offset of the byte that the grammar refused.</summary>
    public long Fault { get; private set; }

    /// <summary>The offset up to which the record holds the text already, so that no repair may change it.</summary>
    public long Written { get; private set; }

    /// <summary>The offset of the last of them, which is being read.</summary>
    public long Offset => Start + _bytes.Count - 1;

    /// <summary>Whether the grammar has nothing against the text so far, and the schema wants to know which string comes.</summary>
    public bool IsProbe { get; private set; }

    /// <summary>The text before an offset, as far as it is known.</summary>
    public ReadOnlySpan<byte> TextBefore(long offset) => offset > Start ? _bytes.Span[..(int)(offset - Start)] : _before;

    /// <summary>Begins anew, without bytes.</summary>
    public void Begin(long start, long fault, long written, byte before, bool isProbe)
    {
        _before[0] = before;
        _bytes.Clear();
        (Start, Fault, Written, IsProbe) = (start, fault, written, isProbe);
    }

    public void Add(scoped ReadOnlySpan<byte> values) => _bytes.Add(values);

    /// <summary>The bytes from an offset on.</summary>
    public ReadOnlySpan<byte> From(long offset) => _bytes.Span[(int)(offset - Start)..];

    /// <summary>Forgets the first bytes, which have been written.</summary>
    public void RemoveFirst(int count)
    {
        _before[0] = count > 0 ? _bytes.Span[count - 1] : _before[0];
        _bytes.RemoveFirst(count);
        Start += count;
    }

    /// <summary>Whether there are two digits or more before an offset, right after a bracket or comma: then a comma may belong between them.</summary>
    public bool HasJoinedDigitsBefore(long offset)
    {
        var before = TextBefore(offset);
        var other = before.LastIndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return other >= 0 && other < before.Length - 2 && before[other] is (byte)'[' or (byte)',';
    }
}
