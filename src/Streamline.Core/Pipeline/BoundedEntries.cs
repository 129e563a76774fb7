using System.Collections.Concurrent;

namespace Streamline;

/// <summary>One entry per key, up to a number of keys; all further ones share an entry. Thread-safe.</summary>
internal sealed class BoundedEntries<TKey, TValue>(int most, IEqualityComparer<TKey>? comparer = null)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, TValue> _entries = new(comparer);
    private readonly Lock _lock = new();
    private int _count;

    /// <summary>Gets all entries.</summary>
    public ICollection<TValue> Values => _entries.Values;

    /// <summary>Gets the entry of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="shared">The key of the entry that is shared by the keys past the limit.</param>
    /// <param name="create">Makes the entry of the key that it is given.</param>
    public TValue Get(TKey key, TKey shared, Func<TKey, TValue> create)
    {
        if (_entries.TryGetValue(key, out var entry))
        {
            return entry;
        }

        lock (_lock)
        {
            if (!_entries.ContainsKey(key) && _count >= most)
            {
                key = shared;
            }

            if (!_entries.TryGetValue(key, out entry))
            {
                entry = _entries[key] = create(key);
                _count++;
            }

            return entry;
        }
    }
}
