using System.Runtime.CompilerServices;

namespace Streamline.Protocols.Shared;

/// <summary>A member of an object in a <see cref="Payload"/>.</summary>
internal readonly ref struct PayloadMember
{
    private readonly ReadOnlySpan<byte> _json;
    private readonly ref readonly PayloadRow _name;

    /// <param name="json">The text of the payload.</param>
    /// <param name="name">The row of the name; that of the value follows it.</param>
    public PayloadMember(ReadOnlySpan<byte> json, ref readonly PayloadRow name)
    {
        _json = json;
        _name = ref name;
    }

    /// <summary>Gets the value, which may be null.</summary>
    public PayloadValue Value => new(_json, in Unsafe.Add(ref Unsafe.AsRef(in _name), 1));

    /// <summary>Gets the name in UTF-8.</summary>
    public ReadOnlySpan<byte> Utf8Name
    {
        get
        {
            var name = _json.Slice(_name.Start, _name.Length);
            return _name.IsEscaped ? Encoding.UTF8.GetBytes(JsonStringDecoder.DecodeWhole(name)) : name;
        }
    }

    /// <summary>Gets the name as JSON, without its quotes.</summary>
    public ReadOnlySpan<byte> RawName => _json.Slice(_name.Start, _name.Length);

    /// <summary>Gets the name.</summary>
    public string Name => TextCache.Get(Utf8Name);

    public bool NameEquals(scoped ReadOnlySpan<byte> name) =>
        _name.IsEscaped ? Utf8Name.SequenceEqual(name) : _name.Length == name.Length && _json.Slice(_name.Start, _name.Length).SequenceEqual(name);
}
