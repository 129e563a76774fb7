using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Streamline.Resilience;

/// <summary>What in a request prevents a continuation of its answer.</summary>
internal static class ContinuableRequest
{
    private const int MaxDepth = 3;

    // Members that hold the conversation, or have the provider keep it: a message that is added to the request would not be sent, or not belong to it.
    private static readonly string[] Conversations = ["messages", "input", "contents", "conversation", "prompt", "previous_response_id", "previous_interaction_id"];

    // A prefill is refused together with a forced format, and what a model repeats of JSON cannot be told from what it means.
    private static readonly HashSet<string> Formats = new(StringComparer.OrdinalIgnoreCase)
    {
        "response_format", "format", "responseSchema", "response_schema", "responseJsonSchema", "response_json_schema", "responseMimeType", "response_mime_type",
        "guided_json", "guided_regex", "guided_choice", "guided_grammar", "structured_outputs", "grammar", "json_schema",
    };

    private static readonly string[] ToolChoices = ["tool_choice", "toolConfig", "tool_config"];

    private static readonly string[] ReasoningMembers = ["thinking", "reasoning", "reasoning_effort", "enable_thinking", "chat_template_kwargs", "think", "additionalModelRequestFields"];

    /// <summary>Finds why no answer to the request can be continued by its text; <see langword="null"/> when it can.</summary>
    public static string? FindObstacle(StreamRequest request)
    {
        var options = request.Options;
        return options is { ResponseFormat: ChatResponseFormatJson } || HasFormat(request.ExtraBody, MaxDepth) ? "the request forces a format"
            : options is { ToolMode: RequiredChatToolMode } || Has(request, ToolChoices) ? "the request forces a tool call"
            : options is { ContinuationToken: not null } ? "the request resumes an earlier response"
            : options is { ConversationId.Length: > 0 } || Has(request, Conversations) ? "the provider keeps the conversation"
            : null;
    }

    /// <summary>Tells whether the request turns reasoning on, or may do so.</summary>
    public static bool MayReason(StreamRequest request) =>
        request.Options?.Reasoning is { } reasoning && reasoning.Effort != ReasoningEffort.None || Has(request, ReasoningMembers);

    private static bool Has(StreamRequest request, string[] names) => request.ExtraBody is { } extra && Array.Exists(names, extra.ContainsKey);

    private static bool HasFormat(JsonObject? json, int depth) =>
        json is not null && depth > 0 && json.Any(member => Formats.Contains(member.Key) || HasFormat(member.Value as JsonObject, depth - 1));
}
