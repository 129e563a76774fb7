namespace Streamline.Protocols.Shared;

/// <summary>The elements of an array in a <see cref="Payload"/>, in order.</summary>
internal ref struct PayloadItems
{
    private readonly ReadOnlySpan<byte> _json;
    private readonly ReadOnlySpan<PayloadRow> _rows;
    private readonly int _end;
    private int _current;
    private int _next;

    public PayloadItems(ReadOnlySpan<byte> json, ReadOnlySpan<PayloadRow> rows, int first, int end)
    {
        _json = json;
        _rows = rows;
        _next = first;
        _end = end;
    }

    public readonly PayloadValue Current => new(_json, _rows, _current);

    public readonly PayloadItems GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_next >= _end)
        {
            return false;
        }

        _current = _next;
        _next = _rows[_current].Next;
        return true;
    }
}
