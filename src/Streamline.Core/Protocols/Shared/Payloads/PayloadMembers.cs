using System.Runtime.CompilerServices;

namespace Streamline.Protocols.Shared;

/// <summary>The members of an object in a <see cref="Payload"/>, in order.</summary>
internal ref struct PayloadMembers
{
    private readonly ReadOnlySpan<byte> _json;
    private ref readonly PayloadRow _name;
    private int _remaining;
    private int _step;

    /// <param name="json">The text of the payload.</param>
    /// <param name="owner">The row of the object; those of its members follow it, each a name and a value.</param>
    public PayloadMembers(ReadOnlySpan<byte> json, ref readonly PayloadRow owner)
    {
        _json = json;
        _name = ref owner;
        _remaining = owner.Rows - 1;
        _step = 1;
    }

    public readonly PayloadMember Current => new(_json, in _name);

    public readonly PayloadMembers GetEnumerator() => this;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MoveNext()
    {
        if (_remaining <= 0)
        {
            return false;
        }

        _name = ref Unsafe.Add(ref Unsafe.AsRef(in _name), _step);
        _step = 1 + Unsafe.Add(ref Unsafe.AsRef(in _name), 1).Rows;
        _remaining -= _step;
        return true;
    }
}
