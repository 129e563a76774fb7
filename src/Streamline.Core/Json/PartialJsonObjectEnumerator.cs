using System.Collections;

namespace Streamline.Json;

/// <summary>Enumerates the properties of an object.</summary>
public struct PartialJsonObjectEnumerator : IEnumerable<PartialJsonProperty>, IEnumerator<PartialJsonProperty>
{
    private readonly PartialJsonElement _object;
    private readonly int _end;
    private int _nameRow;

    internal PartialJsonObjectEnumerator(PartialJsonElement value)
        : this(value, value.HasValue ? value.Snapshot.GetEndOfChildren(value.Position) : 0)
    {
    }

    internal PartialJsonObjectEnumerator(PartialJsonElement value, int end)
    {
        _object = value;
        _end = end;
        _nameRow = -1;
    }

    /// <inheritdoc/>
    public readonly PartialJsonProperty Current => _nameRow < 0 ? default : new PartialJsonProperty(_object.Snapshot, _nameRow);

    readonly object IEnumerator.Current => Current;

    /// <summary>Gets an enumerator that starts at the first property.</summary>
    /// <returns>The enumerator.</returns>
    public readonly PartialJsonObjectEnumerator GetEnumerator() => new(_object, _end);

    readonly IEnumerator<PartialJsonProperty> IEnumerable<PartialJsonProperty>.GetEnumerator() => GetEnumerator();

    readonly IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool MoveNext()
    {
        if (_nameRow < _end)
        {
            _nameRow = _nameRow < 0 ? _object.Position + 1 : _object.Snapshot.GetNext(_nameRow + 1);
        }

        return _nameRow < _end;
    }

    /// <inheritdoc/>
    public void Reset() => _nameRow = -1;

    /// <inheritdoc/>
    public readonly void Dispose()
    {
    }
}
