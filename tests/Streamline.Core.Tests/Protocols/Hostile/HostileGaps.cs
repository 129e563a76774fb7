namespace Streamline.Tests.Protocols.Hostile;

/// <summary>What goes wrong today with the seeds of <see cref="HostileInputTests"/>. What is mended comes off the list.</summary>
internal static class HostileGaps
{
    public static IReadOnlySet<string> All { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
    };
}
