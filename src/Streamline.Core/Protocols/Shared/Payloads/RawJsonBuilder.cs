using System.Buffers;

namespace Streamline.Protocols.Shared;

/// <summary>Puts an object together from members as they were received. Nothing of them is parsed.</summary>
internal ref struct RawJsonBuilder
{
    private const int InitialBytes = 512;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(InitialBytes);
    private int _length;
    private bool _hasMember;

    /// <summary>Begins the object.</summary>
    public RawJsonBuilder() => Append("{"u8);

    /// <summary>Copies an object without some of its members.</summary>
    /// <param name="owner">The object.</param>
    /// <param name="except">The names to leave out.</param>
    public static RawJson Without(PayloadValue owner, PayloadNames except)
    {
        var builder = new RawJsonBuilder();
        builder.AddMembers(owner, except);
        return builder.Build();
    }

    /// <summary>Begins an object within the object.</summary>
    /// <param name="name">The name of its member, as JSON without its quotes.</param>
    public void BeginObject(ReadOnlySpan<byte> name)
    {
        AddName(name);
        Append("{"u8);
        _hasMember = false;
    }

    /// <summary>Ends the object within the object.</summary>
    public void EndObject()
    {
        Append("}"u8);
        _hasMember = true;
    }

    /// <summary>Adds the members of an object except some.</summary>
    /// <param name="owner">The object; of any other value, there are none.</param>
    /// <param name="except">The names to leave out.</param>
    /// <param name="keepsNull">Whether members that are null are added.</param>
    public void AddMembers(PayloadValue owner, PayloadNames except, bool keepsNull = true)
    {
        foreach (var member in owner.Members)
        {
            if ((keepsNull || !member.Value.IsMissing) && !except.Contains(member))
            {
                Add(member.RawName, member.Value.RawBytes);
            }
        }
    }

    /// <summary>Adds a member.</summary>
    /// <param name="name">The name, as JSON without its quotes.</param>
    /// <param name="value">The value, as JSON.</param>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        AddName(name);
        Append(value);
    }

    /// <summary>Ends the object. The builder cannot be used after it.</summary>
    public RawJson Build()
    {
        Append("}"u8);
        var json = new RawJson(_buffer.AsSpan(0, _length));
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        return json;
    }

    private void AddName(ReadOnlySpan<byte> name)
    {
        Append(_hasMember ? ",\""u8 : "\""u8);
        Append(name);
        Append("\":"u8);
        _hasMember = true;
    }

    private void Append(ReadOnlySpan<byte> json)
    {
        if (_buffer.Length - _length < json.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * _buffer.Length, _length + json.Length));
            _buffer.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        json.CopyTo(_buffer.AsSpan(_length));
        _length += json.Length;
    }
}
