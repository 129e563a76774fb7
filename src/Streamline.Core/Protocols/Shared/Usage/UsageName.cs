namespace Streamline.Protocols.Shared;

/// <summary>The path of a number in a report of usage, such as <c>output_tokens_details.reasoning_tokens</c>, and what it stands for.</summary>
internal sealed class UsageName
{
    private static readonly WordCache<UsageName> Names = new(utf8Path => new UsageName(utf8Path));

    private readonly byte[] _utf8Path;

    private UsageName(byte[] utf8Path)
    {
        _utf8Path = utf8Path;
        Path = Encoding.UTF8.GetString(utf8Path);
        Spelling = UsageSpelling.Find(utf8Path);
    }

    public string Path { get; }

    public UsageSpelling Spelling { get; }

    /// <summary>Gets the name for a path in UTF-8. Reports repeat a few, so that they are kept.</summary>
    public static UsageName Of(ReadOnlySpan<byte> utf8Path) => Names.Get(utf8Path);

    public bool IsAt(ReadOnlySpan<byte> utf8Path) => utf8Path.SequenceEqual(_utf8Path);

    /// <summary>Tells whether it is part of a list.</summary>
    public bool IsItemOf(ReadOnlySpan<byte> utf8List) =>
        _utf8Path.Length > utf8List.Length && _utf8Path[utf8List.Length] == (byte)'[' && _utf8Path.AsSpan().StartsWith(utf8List);
}

/// <summary>The count of <see cref="TokenUsage"/> that a reported number is.</summary>
internal enum UsageField
{
    Additional,
    Input,
    Output,
    Total,
    CachedInput,
    CacheWrite,
    Reasoning,
}

/// <summary>A number that a report of usage holds.</summary>
internal struct UsageCount
{
    /// <summary>Its place in the report.</summary>
    public UsageName Name;

    public long Value;

    /// <summary>The number of the last report that had it.</summary>
    public int Report;

    /// <summary>Whether no member of <see cref="TokenUsage"/> is read from it.</summary>
    public bool IsAdditional;

    public readonly UsageField Field => Name.Spelling.Field;
}
