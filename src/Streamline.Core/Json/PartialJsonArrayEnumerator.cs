using System.Collections;

namespace Streamline.Json;

/// <summary>Enumerates the elements of an array.</summary>
public struct PartialJsonArrayEnumerator : IEnumerable<PartialJsonElement>, IEnumerator<PartialJsonElement>
{
    private readonly PartialJsonElement _array;
    private readonly int _end;
    private int _row;

    internal PartialJsonArrayEnumerator(PartialJsonElement array)
        : this(array, array.HasValue ? array.Snapshot.GetEndOfChildren(array.Position) : 0)
    {
    }

    internal PartialJsonArrayEnumerator(PartialJsonElement array, int end)
    {
        _array = array;
        _end = end;
        _row = -1;
    }

    /// <inheritdoc/>
    public readonly PartialJsonElement Current => _row < 0 ? default : new PartialJsonElement(_array.Snapshot, _row);

    readonly object IEnumerator.Current => Current;

    /// <summary>Gets an enumerator that starts at the first element.</summary>
    /// <returns>The enumerator.</returns>
    public readonly PartialJsonArrayEnumerator GetEnumerator() => new(_array, _end);

    readonly IEnumerator<PartialJsonElement> IEnumerable<PartialJsonElement>.GetEnumerator() => GetEnumerator();

    readonly IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool MoveNext()
    {
        if (_row < _end)
        {
            _row = _row < 0 ? _array.Position + 1 : _array.Snapshot.GetNext(_row);
        }

        return _row < _end;
    }

    /// <inheritdoc/>
    public void Reset() => _row = -1;

    /// <inheritdoc/>
    public readonly void Dispose()
    {
    }
}
