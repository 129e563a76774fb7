using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Streamline.Tools;

/// <summary>Reads the result of a tool of the Model Context Protocol: <c>{"content":[…],"structuredContent":{…},"isError":true}</c>.</summary>
/// <remarks>See https://modelcontextprotocol.io/specification. An error is an error; structured content is used instead of the content, which repeats it.</remarks>
internal static class McpResult
{
    public static bool TryRead(JsonElement element, [NotNullWhen(true)] out ToolOutcome? outcome)
    {
        outcome = null;
        if (!IsResult(element))
        {
            return false;
        }

        var contents = element.GetProperty("content"u8);
        if (element.TryGetProperty("isError"u8, out var isError) && isError.ValueKind == JsonValueKind.True)
        {
            outcome = ToolErrors.Reported(string.Join('\n', contents.EnumerateArray().Select(TextOf).OfType<string>()));
            return true;
        }

        outcome = element.TryGetProperty("structuredContent"u8, out var structured) && structured.ValueKind == JsonValueKind.Object
            ? new ToolOutcome(structured)
            : FromContents(contents);
        return true;
    }

    /// <summary>Tells an envelope from any other object that happens to have content: it has no other members, every content has a type, and an empty one does not stand alone.</summary>
    private static bool IsResult(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty("content"u8, out var contents) && contents.ValueKind == JsonValueKind.Array
        && element.EnumerateObject().All(static member => member.Name is "content" or "structuredContent" or "isError" or "resultType" or "_meta")
        && (contents.GetArrayLength() > 0 || element.GetPropertyCount() > 1)
        && contents.EnumerateArray().All(static content => Text(content, "type"u8) is "text" or "image" or "audio" or "resource" or "resource_link");

    private static ToolOutcome FromContents(JsonElement contents)
    {
        if (contents.GetArrayLength() == 1 && TextOf(contents[0]) is not null)
        {
            return new ToolOutcome(contents[0].GetProperty("text"u8));
        }

        List<AIContent> made = [];
        foreach (var content in contents.EnumerateArray())
        {
            if (ToContent(content) is not { } known)
            {
                return new ToolOutcome(contents);
            }

            made.Add(known);
        }

        return new ToolOutcome(contents) { Contents = made.Count > 0 ? made : null };
    }

    private static AIContent? ToContent(JsonElement content) => Text(content, "type"u8) switch
    {
        "text" => Text(content, "text"u8) is { } text ? new TextContent(text) : null,
        "image" or "audio" when content.TryGetProperty("data"u8, out var data) && data.ValueKind == JsonValueKind.String
            && data.TryGetBytesFromBase64(out var bytes) && Text(content, "mimeType"u8) is { Length: > 0 } mediaType => new DataContent(bytes, mediaType),
        _ => null,
    };

    private static string? TextOf(JsonElement content) => Text(content, "type"u8) == "text" ? Text(content, "text"u8) : null;

    private static string? Text(JsonElement element, ReadOnlySpan<byte> name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;
}
