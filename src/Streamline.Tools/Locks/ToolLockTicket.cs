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
    public IReadOnlyList<ToolLock> Locks => locks;

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

    /// <summary>The first key that both need and at least one of them changes; <see langword="null"/> when they get along.</summary>
    public string? ConflictWith(ToolLockTicket other) => locks
        .FirstOrDefault(mine => other.Locks.Any(theirs => (mine.IsWrite || theirs.IsWrite) && string.Equals(mine.Key, theirs.Key, StringComparison.Ordinal)))?.Key;
}
