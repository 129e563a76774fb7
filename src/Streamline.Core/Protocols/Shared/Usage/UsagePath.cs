using System.Globalization;

namespace Streamline.Protocols.Shared;

/// <summary>The path of a number in a report of usage, as it is walked: names joined by dots, and the positions of items in brackets.</summary>
internal ref struct UsagePath
{
    private readonly Span<byte> _buffer;

    public UsagePath(Span<byte> buffer) => _buffer = buffer;

    /// <summary>Gets the path in UTF-8.</summary>
    public readonly ReadOnlySpan<byte> Text => _buffer[..Length];

    /// <summary>Gets or sets the length; setting it goes back up.</summary>
    public int Length { get; set; }

    /// <summary>Goes down to a member.</summary>
    /// <returns><see langword="false"/> when the path is too long, which no count of a provider is.</returns>
    public bool TryAdd(ReadOnlySpan<byte> name)
    {
        var dot = Length > 0 ? 1 : 0;
        if (Length + dot + name.Length > _buffer.Length)
        {
            return false;
        }

        if (dot > 0)
        {
            _buffer[Length] = (byte)'.';
        }

        name.CopyTo(_buffer[(Length + dot)..]);
        Length += dot + name.Length;
        return true;
    }

    /// <summary>Goes down to an item of a list.</summary>
    /// <returns><inheritdoc cref="TryAdd(ReadOnlySpan{byte})" path="/returns"/></returns>
    public bool TryAdd(int index)
    {
        const int Brackets = 2;
        if (Length + Brackets > _buffer.Length || !index.TryFormat(_buffer[(Length + 1)..^1], out var digits, provider: CultureInfo.InvariantCulture))
        {
            return false;
        }

        _buffer[Length] = (byte)'[';
        _buffer[Length + 1 + digits] = (byte)']';
        Length += Brackets + digits;
        return true;
    }
}
