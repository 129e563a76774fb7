namespace Streamline.Tests.Protocols.WireCases;

/// <summary>The cases that fail today, each with the class of the finding that it belongs to. A case that is mended comes off the list.</summary>
internal static class KnownGaps
{
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        // Anthropic

        // Gemini

        // Ollama

        // OpenAI Chat Completions

        // OpenAI Responses
    };
}
