namespace Streamline.Protocols.GeminiInteractions;

/// <summary>The types of steps and contents that have a form of their own here. Any other step is passed through whole.</summary>
internal static class InteractionsStepTypes
{
    public const string UserInput = "user_input";
    public const string ModelOutput = "model_output";
    public const string Thought = "thought";
    public const string FunctionCall = "function_call";
    public const string FunctionResult = "function_result";
    public const string McpCall = "mcp_server_tool_call";

    private const string CallEnding = "_call";
    private const string ResultEnding = "_result";

    /// <summary>Tells whether a step is a call of a tool that the provider runs. Its result is a step of its own.</summary>
    public static bool IsProviderCall(string? type) => type != FunctionCall && type?.EndsWith(CallEnding, StringComparison.Ordinal) == true;

    /// <summary>Tells whether a step is the result of a tool.</summary>
    public static bool IsResult(string? type) => type?.EndsWith(ResultEnding, StringComparison.Ordinal) == true;

    /// <summary>Tells whether a content is an image, sound, a film or a file, which comes whole.</summary>
    public static bool IsMedia(string? type) => type is "image" or "audio" or "video" or "document";

    /// <summary>Gets the name of the tool of a provider's call that does not name it, such as <c>google_search</c>.</summary>
    public static string ToolName(string type) => type[..^CallEnding.Length];
}
