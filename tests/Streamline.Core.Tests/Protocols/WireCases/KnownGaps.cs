namespace Streamline.Tests.Protocols.WireCases;

/// <summary>The cases that fail today, each with the class of the finding that it belongs to. A case that is mended comes off the list.</summary>
internal static class KnownGaps
{
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        // Anthropic
        ["an-eof-one-newline"] = "W4",
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
        ["ge-eof-no-blank"] = "W4",

        // Ollama
        ["ol-json-type"] = "W15",
        ["ol-ndjson-as-sse-type"] = "W15",

        // OpenAI Chat Completions
        ["chat-error-field"] = "W1",
        ["chat-done-eof-no-blank"] = "W4",
        ["chat-last-chunk-no-blank"] = "W4",
        ["chat-eof-no-blank"] = "W4",
        ["chat-eof-one-newline"] = "W4",
        ["chat-eof-one-answer"] = "W4",
        ["chat-data-ping"] = "W5",
        ["chat-minimax-base-resp"] = "W11",
        ["chat-flat-code-message"] = "W11",
        ["chat-flat-code-401"] = "W11",
        ["chat-flat-detail"] = "W11",
        ["chat-flat-error-code"] = "W11",
        ["chat-error-in-message-type-error"] = "W11",
        ["chat-code-only"] = "W11",
        ["chat-status-only"] = "W11",
        ["chat-tgi-error-type"] = "W12",
        ["tr-x-ms-retry-after"] = "W12",
        ["chat-usage-floats"] = "W13",
        ["chat-usage-input-output"] = "W13",
        ["tr-type-text/plain; charset=utf-8"] = "W15",
        ["tr-type-application/octet-stream"] = "W15",
        ["tr-type-application/json"] = "W15",
        ["tr-type-text/html"] = "W15",
        ["tr-type-application/stream+json"] = "W15",

        // OpenAI Responses
        ["re-no-index-two"] = "W2",
        ["re-index-collides-open"] = "W2",
        ["re-index-collides-closed"] = "W2",
        ["re-no-index-two-calls-listed"] = "W2",
        ["re-index-collides-text-empty-output"] = "W2",
        ["re-completed-only"] = "W3",
        ["re-done-event"] = "W3",
        ["re-seq-from-1-terminal"] = "W3",
        ["re-in-progress-first"] = "W3",
        ["re-response-error"] = "W11",
        ["re-plain-429"] = "W11",
        ["re-code-only"] = "W11",
        ["re-error-flat-status"] = "W12",
        ["re-error-status"] = "W12",
        ["re-request-timeout"] = "W12",
        ["re-codex-limit"] = "W12",
        ["re-overloaded"] = "W12",
    };
}
