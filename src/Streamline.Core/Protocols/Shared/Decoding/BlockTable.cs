namespace Streamline.Protocols.Shared;

/// <summary>
/// What a response has begun, known by id, by index or by order, whichever a server gives and keeps. What has ended stays in the table, so that
/// nothing is told twice, unless it is removed.
/// </summary>
/// <typeparam name="T">A block or an item.</typeparam>
/// <param name="options">The limits.</param>
internal sealed class BlockTable<T>(StreamReadOptions options)
    where T : class
{
    private readonly List<BlockEntry<T>> _entries = [];
    private int _open;

    /// <summary>Gets everything that has begun, in order.</summary>
    public IReadOnlyList<BlockEntry<T>> Entries => _entries;

    /// <summary>Gets the entry that began last; <see langword="null"/> when nothing has begun.</summary>
    public BlockEntry<T>? Latest => _entries is [.., var last] ? last : null;

    /// <summary>Adds what has begun.</summary>
    /// <param name="index">The provider's index; <see langword="null"/> where it gives none.</param>
    /// <param name="id">The provider's id; <see langword="null"/> where it gives none.</param>
    /// <param name="type">The provider's type.</param>
    /// <param name="value">The block or item.</param>
    /// <exception cref="StreamLimitException">Too many are open.</exception>
    public BlockEntry<T> Add(long? index, string? id, string? type, T value)
    {
        if (_open >= options.MaxOpenBlocks)
        {
            throw new StreamLimitException(nameof(StreamReadOptions.MaxOpenBlocks), options.MaxOpenBlocks, _open + 1L);
        }

        _open++;
        var entry = new BlockEntry<T>(index, id, type, value);
        _entries.Add(entry);
        return entry;
    }

    /// <summary>Ends an entry.</summary>
    public void End(BlockEntry<T> entry)
    {
        if (!entry.IsEnded)
        {
            entry.IsEnded = true;
            _open--;
        }
    }

    /// <summary>Ends an entry and forgets it, for protocols whose indexes are free again after the end of a block.</summary>
    public void Remove(BlockEntry<T> entry)
    {
        End(entry);
        _entries.Remove(entry);
    }

    /// <summary>Finds an entry by its id; of several with one id, that with the index, or else the latest.</summary>
    public BlockEntry<T>? Find(string? id, long? index)
    {
        var found = FindById(id);
        for (var i = _entries.Count - 1; found is not null && found.Index != index && i >= 0; i--)
        {
            if (_entries[i].Id == id && _entries[i].Index == index)
            {
                return _entries[i];
            }
        }

        return found;
    }

    /// <summary>Finds the latest entry of an id.</summary>
    public BlockEntry<T>? FindById(string? id)
    {
        for (var i = _entries.Count - 1; id is not null && i >= 0; i--)
        {
            if (_entries[i].Id == id)
            {
                return _entries[i];
            }
        }

        return null;
    }

    /// <summary>Finds the latest entry of an index.</summary>
    public BlockEntry<T>? FindByIndex(long index)
    {
        for (var i = _entries.Count - 1; i >= 0; i--)
        {
            if (_entries[i].Index == index)
            {
                return _entries[i];
            }
        }

        return null;
    }

    /// <summary>Finds the latest open entry of a type.</summary>
    public BlockEntry<T>? FindOpen(string type)
    {
        for (var i = _entries.Count - 1; i >= 0; i--)
        {
            if (!_entries[i].IsEnded && _entries[i].Type == type)
            {
                return _entries[i];
            }
        }

        return null;
    }
}
