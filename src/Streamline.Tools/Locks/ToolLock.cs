namespace Streamline;

/// <summary>A resource that a tool call needs while it runs, named by a key such as <c>file:/a.txt</c>, and whether it changes it.</summary>
/// <remarks>Keys are compared ordinally: write the same resource always the same way. Immutable.</remarks>
public sealed class ToolLock
{
    private ToolLock(string key, bool isWrite)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        Key = key;
        IsWrite = isWrite;
    }

    /// <summary>Gets the name of the resource.</summary>
    public string Key { get; }

    /// <summary>Gets a value indicating whether the call excludes all others that use the resource. Calls that only read share it.</summary>
    public bool IsWrite { get; }

    /// <summary>Makes a lock that is shared with other readers.</summary>
    /// <param name="key">The name of the resource.</param>
    /// <returns>The lock.</returns>
    /// <exception cref="ArgumentException"><paramref name="key"/> is <see langword="null"/> or empty.</exception>
    public static ToolLock Read(string key) => new(key, isWrite: false);

    /// <summary>Makes a lock that excludes all other calls that use the resource.</summary>
    /// <param name="key">The name of the resource.</param>
    /// <returns>The lock.</returns>
    /// <exception cref="ArgumentException"><paramref name="key"/> is <see langword="null"/> or empty.</exception>
    public static ToolLock Write(string key) => new(key, isWrite: true);
}
