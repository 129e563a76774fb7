namespace Streamline.Json;

/// <summary>A property of an object in a JSON document that may still be growing: a whole name, and what has arrived of the value.</summary>
public readonly struct PartialJsonProperty
{
    private readonly JsonSnapshot _snapshot;
    private readonly int _nameRow;

    internal PartialJsonProperty(JsonSnapshot snapshot, int nameRow)
    {
        _snapshot = snapshot;
        _nameRow = nameRow;
    }

    /// <summary>Gets the name, decoded. Every call makes a new string.</summary>
    /// <value>Empty in a default instance.</value>
    public string Name => _snapshot.Contains(_nameRow) ? JsonText.GetString(_snapshot.GetRawText(_nameRow)) : "";

    /// <summary>Gets the value, as far as it has arrived.</summary>
    public PartialJsonElement Value => new(_snapshot, _nameRow + 1);

    /// <summary>Compares the name without making a string.</summary>
    /// <param name="utf8Text">The name to compare with, in UTF-8, without escapes.</param>
    /// <returns><see langword="true"/> when the names are the same.</returns>
    public bool NameEquals(ReadOnlySpan<byte> utf8Text) =>
        _snapshot.Contains(_nameRow) && JsonText.Equals(_snapshot.GetRawText(_nameRow), utf8Text);

    /// <inheritdoc/>
    public override string ToString() => _snapshot.Contains(_nameRow) ? $"{Name}: {Value}" : "";
}
