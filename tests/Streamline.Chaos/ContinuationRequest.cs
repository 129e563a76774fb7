using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Streamline.Chaos;

/// <summary>Reads out of the body of a request, in any protocol, whether it asks to continue a text, and which.</summary>
/// <param name="Shown">The text so far.</param>
/// <param name="InWords">Whether a message of the user asks for it; otherwise the text is the beginning of the model's own message.</param>
internal sealed record ContinuationRequest(string Shown, bool InWords)
{
    private const string Words = "Continue after this: ";

    /// <summary>Asks to continue, as <see cref="ContinueOptions.CreatePrompt"/>.</summary>
    public static ChatMessage Ask(ContinuationContext context) => new(ChatRole.User, Words + context.Text);

    /// <summary>Reads a body.</summary>
    /// <returns><see langword="null"/> for a request that asks for a response of its own.</returns>
    public static ContinuationRequest? Read(JsonElement body)
    {
        if (LastMessage(body) is not { } last)
        {
            return null;
        }

        var text = TextOf(last);
        return text.StartsWith(Words, StringComparison.Ordinal) ? new(text[Words.Length..], InWords: true)
            : text.Length > 0 && IsOfTheModel(last) ? new(text, InWords: false)
            : null;
    }

    private static JsonElement? LastMessage(JsonElement body)
    {
        foreach (var name in (ReadOnlySpan<string>)["messages", "contents", "input"])
        {
            if (body.TryGetProperty(name, out var messages) && messages.ValueKind == JsonValueKind.Array && messages.GetArrayLength() > 0)
            {
                return messages[messages.GetArrayLength() - 1];
            }
        }

        return body.TryGetProperty("input", out var input) ? input : null;
    }

    private static bool IsOfTheModel(JsonElement message) =>
        message.ValueKind == JsonValueKind.Object && message.TryGetProperty("role", out var role) && role.GetString() is "assistant" or "model";

    private static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array => string.Concat(value.EnumerateArray().Select(TextOf)),
        JsonValueKind.Object when value.TryGetProperty("content", out var content) => TextOf(content),
        JsonValueKind.Object when value.TryGetProperty("parts", out var parts) => TextOf(parts),
        JsonValueKind.Object when value.TryGetProperty("text", out var text) => TextOf(text),
        _ => "",
    };
}
