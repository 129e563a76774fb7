namespace Streamline.Protocols.Gemini;

/// <summary>How what a chunk says besides the answer is named.</summary>
internal static class GeminiMetadataNames
{
    public const string UsagePrefix = "usageMetadata.";

    public static readonly AnswerNames OfCandidate = new(
        "candidates", "finishMessage", "safetyRatings", "citationMetadata", "groundingMetadata", "urlContextMetadata", "logprobsResult", "avgLogprobs", "tokenCount");
}
