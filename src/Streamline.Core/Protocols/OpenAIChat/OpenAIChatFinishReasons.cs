namespace Streamline.Protocols.OpenAIChat;

/// <summary>What the wire's words for the end of a choice mean.</summary>
internal static class OpenAIChatFinishReasons
{
    /// <summary>The model server gave up; nothing was wrong with the request (OpenRouter, Mistral).</summary>
    public const string Error = "error";

    /// <summary>The same at DeepSeek.</summary>
    public const string InsufficientResource = "insufficient_system_resource";

    /// <summary>Reads a word together with what the choice holds: servers say <c>stop</c> of calls and refusals too.</summary>
    public static FinishReason Read(string? word, bool hasCalls, bool hasRefusal) => word switch
    {
        "stop" when hasCalls => FinishReason.ToolCalls,
        "stop" when hasRefusal => FinishReason.Refusal,
        "stop" => FinishReason.Stop,
        "tool_calls" or "function_call" => FinishReason.ToolCalls,
        "length" or "model_length" => FinishReason.Length,
        "content_filter" => FinishReason.ContentFilter,
        _ => FinishReason.Other,
    };

    /// <summary>The word for a reason that came from another wire.</summary>
    /// <param name="reason">The reason.</param>
    /// <param name="hasRefusal">Whether the answer explains a refusal, by which this wire tells it.</param>
    public static string Write(FinishReason reason, bool hasRefusal) => reason switch
    {
        FinishReason.ToolCalls => "tool_calls",
        FinishReason.Length => "length",
        FinishReason.ContentFilter => "content_filter",
        FinishReason.Refusal => hasRefusal ? "stop" : "content_filter",
        _ => "stop",
    };
}
