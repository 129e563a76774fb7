using System.Globalization;

namespace Streamline.Protocols.Gemini;

/// <summary>How what a chunk says besides the answer is named: by the wire's own name, with a path where several answers or objects could be meant.</summary>
internal static class GeminiMetadataNames
{
    public const string UsagePrefix = "usageMetadata.";

    // What a candidate is known to say. Everything else of it is named by its path.
    private static readonly HashSet<string> OfCandidate = new(StringComparer.Ordinal)
    {
        "finishMessage", "safetyRatings", "citationMetadata", "groundingMetadata", "urlContextMetadata", "logprobsResult", "avgLogprobs", "tokenCount",
    };

    public static string ForCandidate(string member, int candidate) => candidate == 0 && OfCandidate.Contains(member)
        ? member
        : string.Create(CultureInfo.InvariantCulture, $"candidates[{candidate}].{member}");

    /// <summary>Reads a name back: the number of the candidate that the value belongs to, or <see langword="null"/>, and the name of the member.</summary>
    public static (int? Candidate, string Member) Read(string name)
    {
        const string Prefix = "candidates[";
        return name.StartsWith(Prefix, StringComparison.Ordinal)
            && name.IndexOf("].", StringComparison.Ordinal) is > 0 and var end
            && int.TryParse(name.AsSpan(Prefix.Length..end), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? (number, name[(end + 2)..])
                : (OfCandidate.Contains(name) ? 0 : null, name);
    }
}
