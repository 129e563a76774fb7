using System.Collections;
using System.Text.Json;

namespace Streamline.Json;

/// <content>Enumeration of elements and properties.</content>
public readonly partial struct PartialJsonElement
{
    /// <summary>Enumerates the elements of an array that have begun to arrive; only the last one may be incomplete.</summary>
    /// <returns>An enumerator that allocates nothing in a <see langword="foreach"/>; empty for <see cref="JsonValueKind.Undefined"/>.</returns>
    /// <exception cref="InvalidOperationException">The value is not an array.</exception>
    public ArrayEnumerator EnumerateArray()
    {
        RequireOrUndefined(JsonValueKind.Array);
        return new ArrayEnumerator(this);
    }

    /// <summary>Enumerates the properties of an object of which the value has begun to arrive, duplicates included; only the last one may be incomplete.</summary>
    /// <returns>An enumerator that allocates nothing in a <see langword="foreach"/>; empty for <see cref="JsonValueKind.Undefined"/>.</returns>
    /// <exception cref="InvalidOperationException">The value is not an object.</exception>
    public ObjectEnumerator EnumerateObject()
    {
        RequireOrUndefined(JsonValueKind.Object);
        return new ObjectEnumerator(this);
    }

    /// <summary>Enumerates the elements of an array that have arrived completely.</summary>
    /// <returns>An enumerator that allocates nothing in a <see langword="foreach"/>; empty for <see cref="JsonValueKind.Undefined"/>.</returns>
    /// <exception cref="InvalidOperationException">The value is not an array.</exception>
    public ArrayEnumerator EnumerateCompletedItems()
    {
        RequireOrUndefined(JsonValueKind.Array);
        return FindGrowingChild() is var growing and >= 0 ? new ArrayEnumerator(this, growing) : new ArrayEnumerator(this);
    }

    /// <summary>Enumerates the properties of an object of which the value has arrived completely, duplicates included.</summary>
    /// <returns>An enumerator that allocates nothing in a <see langword="foreach"/>; empty for <see cref="JsonValueKind.Undefined"/>.</returns>
    /// <exception cref="InvalidOperationException">The value is not an object.</exception>
    public ObjectEnumerator EnumerateCompletedProperties()
    {
        RequireOrUndefined(JsonValueKind.Object);
        return FindGrowingChild() is var growing and >= 0 ? new ObjectEnumerator(this, growing - 1) : new ObjectEnumerator(this);
    }

    // The row of the element or property value that has not ended; -1 when all have.
    private int FindGrowingChild() =>
        HasValue && !IsComplete && _snapshot.GetLastChild(_row) is var last and >= 0 && !_snapshot.IsComplete(last) ? last : -1;

    /// <summary>Enumerates the elements of an array.</summary>
    public struct ArrayEnumerator : IEnumerable<PartialJsonElement>, IEnumerator<PartialJsonElement>
    {
        private readonly PartialJsonElement _array;
        private readonly int _end;
        private int _row;

        internal ArrayEnumerator(PartialJsonElement array)
            : this(array, array.HasValue ? array._snapshot.GetEndOfChildren(array._row) : 0)
        {
        }

        internal ArrayEnumerator(PartialJsonElement array, int end)
        {
            _array = array;
            _end = end;
            _row = -1;
        }

        /// <inheritdoc/>
        public readonly PartialJsonElement Current => _row < 0 ? default : new PartialJsonElement(_array._snapshot, _row);

        readonly object IEnumerator.Current => Current;

        /// <summary>Gets an enumerator that starts at the first element.</summary>
        /// <returns>The enumerator.</returns>
        public readonly ArrayEnumerator GetEnumerator() => new(_array, _end);

        readonly IEnumerator<PartialJsonElement> IEnumerable<PartialJsonElement>.GetEnumerator() => GetEnumerator();

        readonly IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        /// <inheritdoc/>
        public bool MoveNext()
        {
            if (_row < _end)
            {
                _row = _row < 0 ? _array._row + 1 : _array._snapshot.GetNext(_row);
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
