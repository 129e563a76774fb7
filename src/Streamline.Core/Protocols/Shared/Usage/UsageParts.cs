namespace Streamline.Protocols.Shared;

/// <summary>Takes counts apart for protocols that count beside a whole what <see cref="TokenUsage"/> counts within it.</summary>
internal static class UsageParts
{
    /// <summary>Gets what is left of a count without its parts: never below zero, because providers disagree on what is a part of what.</summary>
    public static long? Without(this long? whole, long? part, long? other = null) => whole is { } count ? Math.Max(0, count - (part ?? 0) - (other ?? 0)) : null;
}
