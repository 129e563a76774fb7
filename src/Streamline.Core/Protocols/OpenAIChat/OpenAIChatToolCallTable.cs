namespace Streamline.Protocols.OpenAIChat;

/// <summary>
/// Tells which tool call of a choice a piece belongs to. OpenAI's own servers give every piece an index, and the first one an id
/// and a name; compatible servers leave out, repeat or reuse each of them.
/// </summary>
/// <remarks>The rules are those of the protocol's reference, "Robust accumulation". That arguments parse as JSON is never taken as their end.</remarks>
internal sealed class OpenAIChatToolCallTable
{
    // Few, and never more than may be open at once, so that they are searched.
    private readonly List<OpenAIChatToolCallSlot> _slots = [];
    private int _list;

    /// <summary>Begins a list of pieces. Two of its pieces with names are two calls, whatever their indexes.</summary>
    public void BeginList() => _list++;

    /// <summary>Finds the call of a piece, or makes a new one, and adopts what the piece says of it.</summary>
    /// <param name="index">The index in the piece; <see langword="null"/> when it has none.</param>
    /// <param name="id">The id in the piece; empty is as good as none.</param>
    /// <param name="name">The name in the piece; empty is as good as none.</param>
    public OpenAIChatToolCallSlot Resolve(long? index, string? id, string? name)
    {
        id = string.IsNullOrEmpty(id) ? null : id;
        name = string.IsNullOrEmpty(name) ? null : name;
        var slot = (id is not null ? FindById(id, index, name) : Find(index, name)) ?? Add(index);

        // What is known is never replaced: names are repeated, and some servers invent an id per piece.
        slot.Name ??= name;
        slot.Id ??= id;
        slot.NamedIn = name is null ? slot.NamedIn : _list;
        return slot;
    }

    private OpenAIChatToolCallSlot? FindById(string id, long? index, string? name)
    {
        // An id that comes with another index belongs to another call: its arguments must not be mixed with the first one's.
        if (Known(id) is { } known)
        {
            return index is null || known.Index is null || known.Index == index ? known
                : Latest(index) is { } other && other.Id == id ? other
                : null;
        }

        // An id that comes late is adopted, and a new one without a name is not a new call.
        var candidate = Latest(index);
        var isContinuation = name is null || (candidate is { Id: null } && !IsOtherCall(candidate, name) && index is not null);
        return isContinuation ? candidate : null;
    }

    private OpenAIChatToolCallSlot? Find(long? index, string? name)
    {
        if (index is null)
        {
            return name is null ? Latest(index: null) : null;
        }

        return Latest(index) is { } candidate && !IsOtherCall(candidate, name) ? candidate : null;
    }

    // Servers that give every call the index 0 are told by a name that is not the one under way, or by a second name in one list.
    private bool IsOtherCall(OpenAIChatToolCallSlot call, string? name) =>
        name is not null && call.Name is not null && ((call.HasArguments && name != call.Name) || call.NamedIn == _list);

    private OpenAIChatToolCallSlot? Known(string id)
    {
        foreach (var slot in _slots)
        {
            if (slot.Id == id)
            {
                return slot;
            }
        }

        return null;
    }

    private OpenAIChatToolCallSlot? Latest(long? index)
    {
        for (var i = _slots.Count - 1; i >= 0; i--)
        {
            if (index is null || _slots[i].Index == index)
            {
                return _slots[i];
            }
        }

        return null;
    }

    private OpenAIChatToolCallSlot Add(long? index)
    {
        var slot = new OpenAIChatToolCallSlot(_slots.Count) { Index = index };
        _slots.Add(slot);
        return slot;
    }
}

/// <summary>What is known of the identity of a tool call while its pieces arrive.</summary>
/// <param name="position">The position among the calls of its choice, from 0.</param>
internal sealed class OpenAIChatToolCallSlot(int position)
{
    public int Position { get; } = position;

    /// <summary>Gets or sets the index that the server gave; <see langword="null"/> when it gave none.</summary>
    public long? Index { get; set; }

    public string? Id { get; set; }

    public string? Name { get; set; }

    /// <summary>Gets or sets the number of the list in which a name came last.</summary>
    public int NamedIn { get; set; }

    /// <summary>Gets or sets a value indicating whether a piece of the arguments has come.</summary>
    public bool HasArguments { get; set; }
}
