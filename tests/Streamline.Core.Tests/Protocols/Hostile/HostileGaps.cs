namespace Streamline.Tests.Protocols.Hostile;

/// <summary>What goes wrong today with the seeds of <see cref="HostileInputTests"/>. What is mended comes off the list.</summary>
internal static class HostileGaps
{
    public static IReadOnlySet<string> All { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        // Requests.
        "anthropic: ReadRequest throws InvalidOperationException",
        "anthropic: the writer throws ArgumentException on what ReadRequest accepts",
        "openai-responses: ReadRequest throws ArgumentException",
        "openai-responses: ReadRequest throws StreamProtocolException on what the writer writes",
    };
}
