namespace Streamline.Protocols.OpenAIResponses;

/// <summary>The types of items, as far as they matter here. Any other is carried whole.</summary>
internal static class OpenAIResponsesItemTypes
{
    public const string Message = "message";
    public const string Reasoning = "reasoning";
    public const string FunctionCall = "function_call";
    public const string CustomToolCall = "custom_tool_call";
    public const string McpCall = "mcp_call";
    public const string CodeInterpreterCall = "code_interpreter_call";
    public const string WebSearchCall = "web_search_call";
    public const string FileSearchCall = "file_search_call";
    public const string ImageGenerationCall = "image_generation_call";
    public const string Compaction = "compaction";

    private const int MaxIdLength = 64;

    /// <summary>Tells whether the item is a call of a tool that the application declared.</summary>
    public static bool IsApplicationCall(string? type) => type is FunctionCall or CustomToolCall;

    /// <summary>Tells whether the item is a call of a tool that the provider runs, with the result in the same item.</summary>
    public static bool IsProviderCall(string? type) => type is McpCall or CodeInterpreterCall or WebSearchCall or FileSearchCall or ImageGenerationCall;

    /// <summary>Tells whether the model waits until the application has answered the item.</summary>
    public static bool IsAwaitingAnswer(PayloadValue item) =>
        IsAwaitingAnswer(item.Word("type"u8), item.Text("execution"u8), item.Object("environment"u8).Word("type"u8));

    /// <inheritdoc cref="IsAwaitingAnswer(PayloadValue)"/>
    public static bool IsAwaitingAnswer(JsonElement item) =>
        IsAwaitingAnswer(item.Text("type"u8), item.Text("execution"u8), item.Object("environment"u8)?.Text("type"u8));

    private static bool IsAwaitingAnswer(string? type, string? execution, string? environment) => type switch
    {
        FunctionCall or CustomToolCall or "computer_call" or "local_shell_call" or "apply_patch_call" or "mcp_approval_request" => true,
        "tool_search_call" => execution == "client",
        "shell_call" => environment?.StartsWith("container", StringComparison.Ordinal) != true,
        _ => false,
    };

    /// <summary>Tells whether the item answers a call of a tool that the application declared.</summary>
    public static bool IsResult(string? type) => type is "function_call_output" or "custom_tool_call_output";

    /// <summary>Tells whether the provider takes back the id of an item. It refuses one that is too long, or that does not begin as those of the type do.</summary>
    public static bool HasValidId(JsonElement item) =>
        item.NonEmptyText("id"u8) is { Length: <= MaxIdLength } id && id.StartsWith(IdPrefix(item.Text("type"u8)), StringComparison.Ordinal);

    // Those that the provider's refusals and recorded answers show.
    private static string IdPrefix(string? type) => type switch
    {
        Message => "msg",
        Reasoning => "rs",
        FunctionCall => "fc",
        CustomToolCall => "ctc",
        WebSearchCall => "ws",
        "tool_search_call" => "tsc",
        Compaction => "cmp",
        _ => "",
    };

    /// <summary>Tells whether an item goes back with its id in any case: the provider requires it, or another item refers to it.</summary>
    public static bool RequiresId(string? type) => type is not (Message or FunctionCall or CustomToolCall or WebSearchCall or "shell_call" or "apply_patch_call" or "tool_search_call" or Compaction);

    /// <summary>The name of the tool that an item calls; <see langword="null"/> when the item has none and its type gives none.</summary>
    public static string? ToolName(PayloadValue item, string type) =>
        item.NonEmptyText("name"u8) ?? (IsProviderCall(type) && type != McpCall ? type[..^"_call".Length] : null);

    /// <summary>The member of a call that holds its arguments as text; <see langword="null"/> where they are not text.</summary>
    public static string? InputMember(string? type) => type switch
    {
        FunctionCall or McpCall => "arguments",
        CustomToolCall => "input",
        CodeInterpreterCall => "code",
        _ => null,
    };

    /// <summary>The name, without <c>.delta</c>, of the events by which the arguments of a call grow; <see langword="null"/> where they come only whole.</summary>
    public static string? InputEvent(string? type) => type switch
    {
        FunctionCall => "response.function_call_arguments",
        CustomToolCall => "response.custom_tool_call_input",
        McpCall => "response.mcp_call_arguments",
        CodeInterpreterCall => "response.code_interpreter_call_code",
        _ => null,
    };
}
