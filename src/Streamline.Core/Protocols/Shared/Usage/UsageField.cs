namespace Streamline.Protocols.Shared;

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
