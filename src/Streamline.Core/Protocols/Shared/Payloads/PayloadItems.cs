using System.Runtime.CompilerServices;

namespace Streamline.Protocols.Shared;

/// <summary>The elements of an array in a <see cref="Payload"/>, in order.</summary>
internal ref struct PayloadItems
{
    private readonly ReadOnlySpan<byte> _json;
    private ref readonly PayloadRow _current;
    private int _remaining;
    private int _step;

    /// <param name="json">The text of the payload.</param>
    /// <param name="array">The row of the array; those of its elements follow it.</param>
    public PayloadItems(ReadOnlySpan<byte> json, ref readonly PayloadRow array)
    {
        _json = json;
        _current = ref array;
        _remaining = array.Rows - 1;
        _step = 1;
    }

    public readonly PayloadValue Current => new(_json, in _current);

    public readonly PayloadItems GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_remaining <= 0)
        {
            return false;
        }

        _current = ref Unsafe.Add(ref Unsafe.AsRef(in _current), _step);
        _step = _current.Rows;
        _remaining -= _step;
        return true;
    }
}
