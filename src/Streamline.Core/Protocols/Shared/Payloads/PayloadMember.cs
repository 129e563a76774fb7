using System.Text;

namespace Streamline.Protocols.Shared;

/// <summary>A member of an object in a <see cref="Payload"/>.</summary>
internal readonly ref struct PayloadMember
{
    private readonly ReadOnlySpan<byte> _name;
    private readonly bool _isEscaped;

    public PayloadMember(ReadOnlySpan<byte> name, bool isEscaped, PayloadValue value)
    {
        _name = name;
        _isEscaped = isEscaped;
        Value = value;
    }

    /// <summary>Gets the value, which may be null.</summary>
    public PayloadValue Value { get; }

    /// <summary>Gets the name in UTF-8.</summary>
    public ReadOnlySpan<byte> Utf8Name => _isEscaped ? Encoding.UTF8.GetBytes(JsonStringDecoder.DecodeWhole(_name)) : _name;

    /// <summary>Gets the name.</summary>
    public string Name => Encoding.UTF8.GetString(Utf8Name);

    public bool NameEquals(scoped ReadOnlySpan<byte> name) => _isEscaped ? Utf8Name.SequenceEqual(name) : _name.SequenceEqual(name);
}
