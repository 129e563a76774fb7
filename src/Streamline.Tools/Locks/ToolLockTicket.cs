namespace Streamline.Tools;

internal enum ToolLockState
{
    Waiting,
    Granted,
    Refused,
    Left,
}

/// <summary>One call's place in a <see cref="ToolLockTable"/>: all resources that it needs, granted together or not at all.</summary>
/// <param name="locks">What the call needs.</param>
/// <param name="changed">Called outside of any lock when a waiting ticket was granted or refused.</param>
internal sealed class ToolLockTicket(IReadOnlyList<ToolLock> locks, Action changed)
{
    /// <summary>The keys, each once, and whether the call changes the resource.</summary>
    public IReadOnlyList<(string Key, bool IsWrite)> Keys { get; } = locks.Count == 1
        ? [(locks[0].Key, locks[0].IsWrite)]
        : [.. locks.GroupBy(needed => needed.Key, StringComparer.Ordinal).Select(ofKey => (ofKey.Key, ofKey.Any(needed => needed.IsWrite)))];

    /// <summary>The places in the queues of the table, while the ticket has any.</summary>
    public List<ToolLockPlace> Places { get; } = [];

    /// <summary>How many of the places are not free.</summary>
    public int Blocked { get; set; }

    /// <summary>Makes the ticket of a call; <see langword="null"/> when it needs no resource. Runs code of the application, which may throw.</summary>
    public static ToolLockTicket? Create(ToolCall call, Action<ToolCall> changed)
    {
        if (call.Tool!.Options.Locks is not { } locks)
        {
            return null;
        }

        IReadOnlyList<ToolLock> needed = [.. locks(call.Arguments) ?? []];
        return needed.Count == 0 ? null : new ToolLockTicket(needed, () => changed(call));
    }

    /// <summary>Changed by the table only, under its lock.</summary>
    public ToolLockState State { get; set; } = ToolLockState.Waiting;

    /// <summary>Whether the tool that holds the resources was abandoned: it may keep using them forever.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>The key that the ticket waits for, or was refused for.</summary>
    public string? ConflictingKey { get; set; }

    public void NotifyChanged() => changed();

    /// <summary>Whether there is a key that both need and at least one of them changes.</summary>
    public bool ConflictsWith(ToolLockTicket other) =>
        Keys.Any(mine => other.Keys.Any(theirs => (mine.IsWrite || theirs.IsWrite) && string.Equals(mine.Key, theirs.Key, StringComparison.Ordinal)));
}
