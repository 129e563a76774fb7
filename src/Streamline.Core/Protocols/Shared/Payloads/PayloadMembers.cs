namespace Streamline.Protocols.Shared;

/// <summary>The members of an object in a <see cref="Payload"/>, in order.</summary>
internal ref struct PayloadMembers
{
    private readonly ReadOnlySpan<byte> _json;
    private readonly ReadOnlySpan<PayloadRow> _rows;
    private readonly int _end;
    private int _name;
    private int _next;

    public PayloadMembers(ReadOnlySpan<byte> json, ReadOnlySpan<PayloadRow> rows, int first, int end)
    {
        _json = json;
        _rows = rows;
        _next = first;
        _end = end;
    }

    public readonly PayloadMember Current
    {
        get
        {
            ref readonly var name = ref _rows[_name];
            return new PayloadMember(_json.Slice(name.Start, name.Length), name.IsEscaped, new PayloadValue(_json, _rows, _name + 1));
        }
    }

    public readonly PayloadMembers GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_next >= _end)
        {
            return false;
        }

        _name = _next;
        _next = _rows[_name + 1].Next;
        return true;
    }
}
