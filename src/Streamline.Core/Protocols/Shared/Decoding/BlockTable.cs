using System.Diagnostics.CodeAnalysis;

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
    // Up to so many entries are searched; more of them have dictionaries.
    private const int MaxSearched = 8;

    private readonly List<BlockEntry<T>> _entries = [];
    private readonly List<BlockEntry<T>> _open = [];
    private Dictionary<long, BlockEntry<T>>? _latestByIndex;
    private Dictionary<string, BlockEntry<T>>? _latestById;
    private Dictionary<(string Id, long Index), BlockEntry<T>>? _byBoth;

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
        if (_open.Count >= options.MaxOpenBlocks)
        {
            throw new StreamLimitException(nameof(StreamReadOptions.MaxOpenBlocks), options.MaxOpenBlocks, _open.Count + 1L);
        }

        var entry = new BlockEntry<T>(index, id, type, value);
        _entries.Add(entry);
        _open.Add(entry);
        if (_latestByIndex is not null)
        {
            AddToDictionaries(entry);
        }
        else if (_entries.Count > MaxSearched)
        {
            _entries.ForEach(AddToDictionaries);
        }

        return entry;
    }

    /// <summary>Gets the first entry that is open; <see langword="null"/> when none is.</summary>
    public BlockEntry<T>? FirstOpen => _open is [var first, ..] ? first : null;

    /// <summary>Gets the provider's index of the first entry that is open, or its place among all where the provider gives none; <see langword="null"/> when none is open.</summary>
    public long? OpenIndex => FirstOpen is { } open ? open.Index ?? _entries.IndexOf(open) : null;

    /// <summary>Ends an entry.</summary>
    public void End(BlockEntry<T> entry)
    {
        if (!entry.IsEnded)
        {
            entry.IsEnded = true;
            _open.Remove(entry);
        }
    }

    /// <summary>Ends the first entry that is open.</summary>
    /// <param name="entry">The entry.</param>
    /// <returns><see langword="false"/> when none is open.</returns>
    public bool TryEndFirst([NotNullWhen(true)] out BlockEntry<T>? entry)
    {
        entry = FirstOpen;
        if (entry is not null)
        {
            End(entry);
        }

        return entry is not null;
    }

    /// <summary>Ends an entry and forgets it, for protocols whose indexes are free again after the end of a block.</summary>
    public void Remove(BlockEntry<T> entry)
    {
        End(entry);
        _entries.Remove(entry);
        if (entry.Index is { } index && _latestByIndex?.GetValueOrDefault(index) == entry)
        {
            _latestByIndex.Remove(index);
        }
    }

    /// <summary>Finds an entry by its id; of several with one id, that with the index, or else the latest.</summary>
    public BlockEntry<T>? Find(string? id, long? index) => id is null ? null
        : (index is not { } known ? null : _byBoth is null ? FindLast(id, index) : _byBoth.GetValueOrDefault((id, known))) ?? FindById(id);

    /// <summary>Finds the latest entry of an id.</summary>
    public BlockEntry<T>? FindById(string? id) => id is null ? null : _latestById is null ? FindLast(id, index: null) : _latestById.GetValueOrDefault(id);

    /// <summary>Finds the latest entry of an index.</summary>
    public BlockEntry<T>? FindByIndex(long index) => _latestByIndex is null ? FindLast(id: null, index) : _latestByIndex.GetValueOrDefault(index);

    /// <summary>Finds the open entry that an event is about: that of its index, or the one that began last where a server gives none.</summary>
    public BlockEntry<T>? FindOpen(long? index) =>
        (index is { } known ? FindByIndex(known) : Latest) is { IsEnded: false } entry ? entry : null;

    /// <summary>Finds the latest open entry of a type.</summary>
    public BlockEntry<T>? FindOpen(string type) => _open.FindLast(entry => entry.Type == type);

    private BlockEntry<T>? FindLast(string? id, long? index)
    {
        for (var i = _entries.Count - 1; i >= 0; i--)
        {
            var entry = _entries[i];
            if ((id is null || entry.Id == id) && (index is null || entry.Index == index))
            {
                return entry;
            }
        }

        return null;
    }

    private void AddToDictionaries(BlockEntry<T> entry)
    {
        _latestByIndex ??= [];
        _latestById ??= new(StringComparer.Ordinal);
        _byBoth ??= [];
        if (entry.Index is { } index)
        {
            _latestByIndex[index] = entry;
        }

        if (entry.Id is { } id)
        {
            _latestById[id] = entry;
            if (entry.Index is { } known)
            {
                _byBoth[(id, known)] = entry;
            }
        }
    }
}

/// <summary>An entry of a <see cref="BlockTable{T}"/>.</summary>
/// <typeparam name="T">A block or an item.</typeparam>
/// <param name="index">The provider's index; <see langword="null"/> where it gives none.</param>
/// <param name="id">The provider's id; <see langword="null"/> where it gives none.</param>
/// <param name="type">The provider's type; <see langword="null"/> where it gives none.</param>
/// <param name="value">The block or item.</param>
internal sealed class BlockEntry<T>(long? index, string? id, string? type, T value)
{
    public long? Index { get; } = index;

    public string? Id { get; } = id;

    public string? Type { get; } = type;

    public T Value { get; } = value;

    /// <summary>Gets or sets a value indicating whether the block or item is complete.</summary>
    public bool IsEnded { get; set; }
}
