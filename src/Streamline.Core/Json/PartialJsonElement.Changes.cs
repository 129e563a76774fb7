using System.Collections;
using System.Text.Json;

namespace Streamline.Json;

/// <content>What happened since an earlier snapshot.</content>
public readonly partial struct PartialJsonElement
{
    /// <summary>Enumerates what happened to this value, and to everything in it, since an earlier snapshot: what began, what grew by which text, and what completed.</summary>
    /// <param name="since">
    /// The same value in an earlier snapshot, whether of the last append or of any before; the default instance, or one of kind
    /// <see cref="JsonValueKind.Undefined"/>, for everything from the start.
    /// </param>
    /// <returns>An enumerator that allocates nothing in a <see langword="foreach"/>. It is independent of what is appended later.</returns>
    /// <remarks>
    /// <para>
    /// The changes are in the order of the text, and only what is new is looked at, however large the document is. The changes since one snapshot and those
    /// since the next, one after the other, tell of the document whole: it can be rebuilt from their paths, kinds and added text alone.
    /// </para>
    /// <para>Appending does no work for this. To follow a document, keep the last snapshot: <c>root.EnumerateChanges(since: last)</c>, then <c>last = root</c>.</para>
    /// </remarks>
    /// <exception cref="ArgumentException"><paramref name="since"/> is not an earlier snapshot of this value, as far as that can be seen.</exception>
    public ChangeEnumerator EnumerateChanges(PartialJsonElement since = default)
    {
        if (!since.HasValue)
        {
            return new ChangeEnumerator(new JsonChanges(_snapshot, _row));
        }

        if (since._row != _row || !_snapshot.IsLaterThan(since._snapshot))
        {
            throw new ArgumentException("The element is not an earlier snapshot of this value.", nameof(since));
        }

        return new ChangeEnumerator(new JsonChanges(_snapshot, _row, since._snapshot));
    }

    /// <summary>Enumerates the changes between two snapshots.</summary>
    public struct ChangeEnumerator : IEnumerable<PartialJsonChange>, IEnumerator<PartialJsonChange>
    {
        private readonly JsonChanges _all;
        private JsonChanges _changes;

        internal ChangeEnumerator(JsonChanges changes)
        {
            _all = changes;
            _changes = changes;
        }

        /// <inheritdoc/>
        public readonly PartialJsonChange Current => _changes.Current;

        readonly object IEnumerator.Current => Current;

        /// <summary>Gets an enumerator that starts at the first change.</summary>
        /// <returns>The enumerator.</returns>
        public readonly ChangeEnumerator GetEnumerator() => new(_all);

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
}
