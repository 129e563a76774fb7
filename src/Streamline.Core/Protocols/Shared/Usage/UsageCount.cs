namespace Streamline.Protocols.Shared;

/// <summary>A number that a report of usage holds.</summary>
internal struct UsageCount
{
    /// <summary>Where it stands in the report.</summary>
    public UsageName Name;

    public long Value;

    /// <summary>The number of the last report that had it.</summary>
    public int Report;

    /// <summary>Whether no member of <see cref="TokenUsage"/> is read from it.</summary>
    public bool IsAdditional;

    public readonly UsageField Field => Name.Spelling.Field;
}
