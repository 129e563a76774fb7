using System.Globalization;

namespace Streamline.Protocols.Gemini;

/// <summary>How what a chunk says besides the answer is named: by the provider's own name, with a path where several answers or objects could be meant.</summary>
internal static class GeminiMetadataNames
{
    public const string UsagePrefix = "usageMetadata.";

    // What a candidate is known to say. Everything else of it is named by its path.
    private static readonly string[] OfCandidate =
        ["finishMessage", "safetyRatings", "citationMetadata", "groundingMetadata", "urlContextMetadata", "logprobsResult", "avgLogprobs", "tokenCount"];

    private static readonly byte[][] Utf8OfCandidate = [.. OfCandidate.Select(Encoding.UTF8.GetBytes)];

    public static string ForCandidate(string member, int candidate) => candidate == 0 && OfCandidate.Contains(member, StringComparer.Ordinal)
        ? member
        : string.Create(CultureInfo.InvariantCulture, $"candidates[{candidate}].{member}");

    public static string ForCandidate(PayloadMember member, int candidate)
    {
        for (var i = 0; i < OfCandidate.Length && candidate == 0; i++)
        {
            if (member.NameEquals(Utf8OfCandidate[i]))
            {
                return OfCandidate[i];
            }
        }

        return ForCandidate(member.Name, candidate);
    }

    /// <summary>Reads a name back: the number of the candidate that the value belongs to, or <see langword="null"/>, and the name of the member.</summary>
    public static (int? Candidate, string Member) Read(string name)
    {
        const string Prefix = "candidates[";
        return name.StartsWith(Prefix, StringComparison.Ordinal)
            && name.IndexOf("].", StringComparison.Ordinal) is > 0 and var end
            && int.TryParse(name.AsSpan(Prefix.Length..end), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? (number, name[(end + 2)..])
                : (OfCandidate.Contains(name, StringComparer.Ordinal) ? 0 : null, name);
    }
}
