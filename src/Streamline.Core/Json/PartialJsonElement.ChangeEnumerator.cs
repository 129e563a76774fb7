using System.Collections;

namespace Streamline.Json;

/// <content>The enumerator of changes.</content>
public readonly partial struct PartialJsonElement
{
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
