using System.Text;

namespace Streamline.Json;

/// <content>Following a container while it grows, without walking along its elder children again.</content>
public readonly partial struct PartialJsonElement
{
    /// <summary>Gets the position of this value in its document, the same in every snapshot.</summary>
    internal int Position => _row;

    /// <summary>Gets the position after this value and everything in it. It is the next child's when this one is complete.</summary>
    internal int NextPosition => _snapshot.GetNext(_row);

    /// <summary>Gets how much of the document will not change any more; it never falls from one snapshot to the next.</summary>
    internal int SettledRows => HasValue ? _snapshot.SettledRowCount : 0;

    /// <summary>Tells whether another element is of the same document, in any snapshot.</summary>
    internal bool IsOfSameDocument(PartialJsonElement other) =>
        HasValue && other.HasValue && (_snapshot.IsLaterThan(other._snapshot) || other._snapshot.IsLaterThan(_snapshot));

    /// <summary>Gets the name of this value, which is that of a property.</summary>
    internal string Name => JsonText.GetString(_snapshot.GetRawText(_row - 1));

    /// <summary>Copies the name of this value, which is that of a property, unless it is too long or has escapes.</summary>
    internal bool TryCopyName(Span<char> destination, out int length)
    {
        var raw = _snapshot.GetRawText(_row - 1);
        var isPlain = raw.Length <= destination.Length && !JsonText.HasEscapes(raw);
        length = isPlain ? Encoding.UTF8.GetChars(raw, destination) : 0;
        return isPlain;
    }

    /// <summary>Gets the value at a position in this snapshot.</summary>
    internal PartialJsonElement At(int position) => new(_snapshot, position);

    /// <summary>Gets the child of a container that is at a position.</summary>
    /// <param name="position">0 for the first child, else <see cref="NextPosition"/> of the one before, which was complete.</param>
    /// <param name="child">The element, or the value of the property.</param>
    /// <returns><see langword="false"/> when there is none yet.</returns>
    internal bool TryGetChild(int position, out PartialJsonElement child)
    {
        child = default;
        if (!HasValue || !_snapshot.Row(_row).IsContainer)
        {
            return false;
        }

        var row = position == 0 ? _row + 1 : position;
        if (row < _snapshot.GetEndOfChildren(_row))
        {
            child = new PartialJsonElement(_snapshot, _snapshot.Row(row).Kind == JsonRowKind.PropertyName ? row + 1 : row);
        }

        return child.HasValue;
    }
}
