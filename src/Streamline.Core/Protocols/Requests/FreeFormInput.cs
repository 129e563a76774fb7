using System.Text.Encodings.Web;
using Microsoft.Extensions.AI;

namespace Streamline.Protocols;

/// <summary>
/// The input of a free-form tool (OpenAI's custom tools), which is a text of any kind and no JSON. So that a function can take it, it is the one
/// argument <c>input</c>; the text itself is kept as the text of the arguments, and goes back as it came.
/// </summary>
internal static class FreeFormInput
{
    /// <summary>The name of the argument.</summary>
    public const string Argument = "input";

    /// <summary>How many bytes the object has besides the escaped text.</summary>
    public const int Frame = 12;

    /// <summary>Gets the beginning of the object, up to the text.</summary>
    public static ReadOnlySpan<byte> Beginning => "{\"input\":\""u8;

    /// <summary>Gets what follows the text in the object.</summary>
    public static ReadOnlySpan<byte> End => "\"}"u8;

    /// <summary>Escapes a piece of the text, of whole surrogate pairs, for a JSON string.</summary>
    public static string Escape(string text) => JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text);

    /// <summary>Gets the text that a call of a free-form tool goes back with.</summary>
    public static string Of(FunctionCallContent call) => call.ArgumentsText()
        ?? (call.Arguments?.TryGetValue(Argument, out var value) == true ? value?.ToString() : null)
        ?? "";

    /// <summary>Tells whether the text of a call's arguments is the input of a free-form tool, which another wire carries as an argument.</summary>
    public static bool IsArgumentOf(FunctionCallContent call, string text) =>
        call.Arguments is { Count: 1 } arguments && arguments.ContainsKey(Argument) && !ToolArguments.AreReadable(text);
}
