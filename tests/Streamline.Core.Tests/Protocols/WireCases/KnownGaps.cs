namespace Streamline.Tests.Protocols.WireCases;

/// <summary>The cases that fail today, each with the class of the finding that it belongs to. A case that is mended comes off the list.</summary>
internal static class KnownGaps
{
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        // Anthropic
        ["an-ping-empty"] = "W5",
        ["an-ping-null"] = "W5",
        ["an-ping-word"] = "W5",
        ["an-ping-empty-copilot"] = "W5",
        ["an-done-instead-of-stop"] = "W6",
        ["an-done-before-stop"] = "W6",
        ["an-double-stop"] = "W6",
        ["an-partial-json-object"] = "W7",
        ["an-type-only-in-event"] = "W7",
        ["an-tool-id-empty"] = "W8",
        ["an-error-event-text"] = "W11",
        ["an-error-zhipu"] = "W12",
        ["an-error-status-code-in-body"] = "W12",
        ["an-error-openai-form"] = "W12",
        ["an-error-openai-litellm"] = "W12",
        ["an-error-lightllm"] = "W12",
        ["an-usage-strings-floats"] = "W13",

        // Gemini
        ["ge-error-field"] = "W1",
        ["ge-error-flat"] = "W11",

        // Ollama

        // OpenAI Chat Completions

        // OpenAI Responses
    };
}
