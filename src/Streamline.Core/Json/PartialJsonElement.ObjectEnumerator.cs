using System.Collections;

namespace Streamline.Json;

/// <content>The enumerator of objects.</content>
public readonly partial struct PartialJsonElement
{
    /// <summary>Enumerates the properties of an object.</summary>
    public struct ObjectEnumerator : IEnumerable<PartialJsonProperty>, IEnumerator<PartialJsonProperty>
    {
        private readonly PartialJsonElement _object;
        private readonly int _end;
        private int _nameRow;

        internal ObjectEnumerator(PartialJsonElement value)
            : this(value, value.HasValue ? value._snapshot.GetEndOfChildren(value._row) : 0)
        {
        }

        internal ObjectEnumerator(PartialJsonElement value, int end)
        {
            _object = value;
            _end = end;
            _nameRow = -1;
        }

        /// <inheritdoc/>
        public readonly PartialJsonProperty Current => _nameRow < 0 ? default : new PartialJsonProperty(_object._snapshot, _nameRow);

        readonly object IEnumerator.Current => Current;

        /// <summary>Gets an enumerator that starts at the first property.</summary>
        /// <returns>The enumerator.</returns>
        public readonly ObjectEnumerator GetEnumerator() => new(_object, _end);

        readonly IEnumerator<PartialJsonProperty> IEnumerable<PartialJsonProperty>.GetEnumerator() => GetEnumerator();

        readonly IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        /// <inheritdoc/>
        public bool MoveNext()
        {
            if (_nameRow < _end)
            {
                _nameRow = _nameRow < 0 ? _object._row + 1 : _object._snapshot.GetNext(_nameRow + 1);
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
}
