using System.Collections;

namespace Streamline.Json;

/// <summary>Enumerates the changes between two snapshots.</summary>
public struct PartialJsonChangeEnumerator : IEnumerable<PartialJsonChange>, IEnumerator<PartialJsonChange>
{
    private readonly JsonChanges _all;
    private JsonChanges _changes;

    internal PartialJsonChangeEnumerator(JsonChanges changes)
    {
        _all = changes;
        _changes = changes;
    }

    /// <inheritdoc/>
    public readonly PartialJsonChange Current => _changes.Current;

    readonly object IEnumerator.Current => Current;

    /// <summary>Gets an enumerator that starts at the first change.</summary>
    /// <returns>The enumerator.</returns>
    public readonly PartialJsonChangeEnumerator GetEnumerator() => new(_all);

    readonly IEnumerator<PartialJsonChange> IEnumerable<PartialJsonChange>.GetEnumerator() => GetEnumerator();

    readonly IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool MoveNext() => _changes.MoveNext();

    /// <inheritdoc/>
    public void Reset() => _changes = _all;

    /// <inheritdoc/>
    public readonly void Dispose()
    {
    }
}
