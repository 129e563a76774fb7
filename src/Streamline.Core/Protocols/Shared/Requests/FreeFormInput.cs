using System.Text.Encodings.Web;

namespace Streamline.Protocols.Shared;

/// <summary>
/// The input of a free-form tool (OpenAI's custom tools), which is a text of any kind and no JSON. So that a function can take it, it is the one
/// argument <c>input</c>; the text itself is kept as the text of the arguments, and is sent back unchanged.
/// </summary>
internal static class FreeFormInput
{
    /// <summary>Tells by the data of a call whether it is one of a free-form tool: as a chat completion or as an item of a response names it.</summary>
    public static bool IsOfFreeForm(JsonElement? data) => data?.Text("type"u8) is "custom" or "custom_tool_call";

    /// <summary>The name of the argument.</summary>
    public const string Argument = "input";

    /// <summary>How many bytes the object has besides the escaped text.</summary>
    public const int Frame = 12;

    /// <summary>Gets the beginning of the object, up to the text.</summary>
    public static ReadOnlySpan<byte> Beginning => "{\"input\":\""u8;

    /// <summary>Gets what follows the text in the object.</summary>
    public static ReadOnlySpan<byte> End => "\"}"u8;

    /// <summary>Gets the same as text.</summary>
    public static string EndText => "\"}";

    /// <summary>Escapes a piece of the text, of whole surrogate pairs, for a JSON string.</summary>
    public static string Escape(string text) => JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text);

    /// <summary>Tells whether the call is one of a free-form tool.</summary>
    public static bool Is(ToolCallStarted call) => IsOfFreeForm(call.ProviderData);

    /// <summary>Gets the text of a call's arguments for a protocol without free-form tools, whose clients expect an object. An input that was cut is none.</summary>
    public static string ArgumentsOf(ToolCallStarted call, ToolCallCompleted completed) =>
        completed.Arguments is not null && Is(call) ? $"{{\"{Argument}\":\"{Escape(completed.ArgumentsText)}\"}}" : completed.ArgumentsText;

    /// <summary>Gets the piece of that object's text which a piece of the input is.</summary>
    public static string PieceOf(string fragment, bool isFirst) => isFirst ? $"{{\"{Argument}\":\"{Escape(fragment)}" : Escape(fragment);

    /// <summary>Gets the text that a call of a free-form tool goes back with.</summary>
    public static string Of(FunctionCallContent call) => call.ArgumentsText()
        ?? (call.Arguments?.TryGetValue(Argument, out var value) == true ? value?.ToString() : null)
        ?? "";

    /// <summary>Tells whether the text of a call's arguments is the input of a free-form tool, which another protocol carries as an argument.</summary>
    public static bool IsArgumentOf(FunctionCallContent call, string text) =>
        call.Arguments is { Count: 1 } arguments && arguments.ContainsKey(Argument) && !ToolArguments.AreReadable(text);
}
