using System.Text.Json;

namespace Streamline.Json;

/// <summary>One thing that happened to a value between two snapshots of a growing document.</summary>
/// <remarks>Immutable, and valid for as long as it is kept, as the elements that it was made from.</remarks>
public readonly struct PartialJsonChange
{
    private readonly JsonSnapshot _snapshot;
    private readonly int _row;
    private readonly int _lengthBefore; // of the raw text

    internal PartialJsonChange(JsonSnapshot snapshot, int row, PartialJsonChangeKind kind, int lengthBefore = 0)
    {
        _snapshot = snapshot;
        _row = row;
        _lengthBefore = lengthBefore;
        Kind = kind;
    }

    /// <summary>Gets what happened.</summary>
    public PartialJsonChangeKind Kind { get; }

    /// <summary>Gets the value that it happened to, as it is in the later snapshot.</summary>
    public PartialJsonElement Element => new(_snapshot, _row);

    /// <summary>Gets the bytes that were added to a string or number, as they were written. Escapes are whole, and so are characters.</summary>
    /// <value>Empty unless <see cref="Kind"/> is <see cref="PartialJsonChangeKind.Grew"/>; never empty then.</value>
    public ReadOnlySpan<byte> AddedRawUtf8 => Kind == PartialJsonChangeKind.Grew ? _snapshot.GetGrowingText(_row)[_lengthBefore..] : default;

    /// <summary>Gets the text that was added to a string or number, decoded. Every call makes a new string.</summary>
    /// <returns>Whole characters. A lone surrogate is U+FFFD. Empty unless <see cref="Kind"/> is <see cref="PartialJsonChangeKind.Grew"/>.</returns>
    public string GetAddedText() => JsonText.GetString(AddedRawUtf8);

    /// <summary>Writes the text that was added to a string or number, decoded, without making a string.</summary>
    /// <param name="utf8Destination">Where to write, in UTF-8. As many bytes as <see cref="AddedRawUtf8"/> has are always enough.</param>
    /// <param name="bytesWritten">The number of bytes written; 0 when there was no room.</param>
    /// <returns><see langword="false"/> when the destination is too short.</returns>
    public bool TryWriteAddedText(Span<byte> utf8Destination, out int bytesWritten)
    {
        var raw = AddedRawUtf8;
        if (utf8Destination.Length >= raw.Length)
        {
            bytesWritten = JsonText.Unescape(raw, utf8Destination);
            return true;
        }

        using var buffer = new PooledBytes(raw.Length);
        bytesWritten = JsonText.Unescape(raw, buffer.Span);
        if (buffer.Span[..bytesWritten].TryCopyTo(utf8Destination))
        {
            return true;
        }

        bytesWritten = 0;
        return false;
    }

    /// <summary>Gets the JSON Pointer of the value, from the root of its document. Every call makes a new string.</summary>
    /// <returns>Such as <c>/items/3/name</c>; empty for the root.</returns>
    public string GetPath() => Element.GetPath();

    /// <inheritdoc cref="PartialJsonElement.TryWritePath"/>
    public bool TryWritePath(Span<byte> utf8Destination, out int bytesWritten) => Element.TryWritePath(utf8Destination, out bytesWritten);

    /// <inheritdoc/>
    public override string ToString() => Element.ValueKind == JsonValueKind.Undefined ? "" : $"{GetPath()} {Kind}";
}
