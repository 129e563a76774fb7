using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Streamline.Protocols.Shared;

/// <summary>Reads from content what <see cref="ContentProperties"/> keeps in it, also after the message went through its JSON form; writes values of any type.</summary>
internal static class ContentValues
{
    /// <summary>What is sent for the result of a tool that has nothing to say, as servers refuse one without text.</summary>
    public const string EmptyResult = "(nothing)";

    private static readonly JsonSerializerOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = ProviderJson.MaxDepth };

    /// <summary>Gets the block as its provider sent it; <see langword="null"/> when the content did not come over this protocol.</summary>
    public static JsonElement? RawBlock(this AIContent content, string provider) => Json(content.AdditionalProperties, ContentProperties.RawBlock(provider));

    /// <inheritdoc cref="RawBlock(AIContent, string)"/>
    public static JsonElement? RawBlock(this AIAnnotation annotation, string provider) =>
        Json(annotation.AdditionalProperties, ContentProperties.RawBlock(provider));

    /// <inheritdoc cref="RawBlock(AIContent, string)"/>
    public static JsonElement? RawBlock(AdditionalPropertiesDictionary? properties, string provider) => Json(properties, ContentProperties.RawBlock(provider));

    /// <summary>
    /// Tells whether a provider put the content into the conversation, and there is no form of it that others have: a call of a tool that it ran
    /// itself, the result of one, a block of a kind of its own. Without its raw block for a protocol, it is left out there.
    /// </summary>
    public static bool IsProvidersOwn(this AIContent content) =>
        content is (ToolCallContent and not FunctionCallContent) or (ToolResultContent and not FunctionResultContent)
        || content.GetType() == typeof(AIContent);

    /// <summary>Gets the annotations of a content that came over a protocol, as its provider sent them.</summary>
    public static List<JsonElement> RawAnnotations(this AIContent content, string provider) =>
        [.. (content.Annotations ?? []).Select(annotation => annotation.RawBlock(provider)).OfType<JsonElement>()];

    /// <summary>Tells whether data or a file is an image, a sound or a video.</summary>
    public static bool IsMedia(this DataContent data) => data.HasTopLevelMediaType("image") || data.HasTopLevelMediaType("audio") || data.HasTopLevelMediaType("video");

    /// <inheritdoc cref="IsMedia(DataContent)"/>
    public static bool IsMedia(this HostedFileContent file) => file.HasTopLevelMediaType("image") || file.HasTopLevelMediaType("audio") || file.HasTopLevelMediaType("video");

    /// <summary>Gets how closely the model is to look at an image; <see langword="null"/> when the application does not say.</summary>
    public static string? Detail(this AIContent image) => Value(image.AdditionalProperties, "detail")?.ToString() is { Length: > 0 } detail ? detail : null;

    /// <summary>Makes the error of a content that a protocol does not support.</summary>
    /// <param name="content">The content.</param>
    /// <param name="protocol">The name of the protocol.</param>
    /// <param name="role">The role of the message, where the protocol has a form of the content for another role.</param>
    /// <param name="advice">Where the content can go instead, as a sentence; <see langword="null"/> for nowhere.</param>
    public static ArgumentException NotCarried(this AIContent content, string protocol, string? role = null, string? advice = null)
    {
        var what = content switch
        {
            DataContent data => $"data of the media type '{data.MediaType}'",
            UriContent address => $"an address of the media type '{address.MediaType}'",
            HostedFileContent { MediaType: { } mediaType } => $"the id of a file of the media type '{mediaType}'",
            _ => $"content of the type {TypeNames.Of(content)}",
        };
        return new ArgumentException($"The protocol '{protocol}' does not support {what}{(role is null ? "" : $" in a message of the role '{role}'")}. {advice}".TrimEnd(), nameof(content));
    }

    /// <summary>Gets the text of a call's arguments as the model wrote it.</summary>
    public static string? ArgumentsText(this ToolCallContent call) => ContentProperties.TextOf(call, ContentProperties.ArgumentsText);

    /// <summary>Tells whether a result is an error.</summary>
    public static bool IsError(this FunctionResultContent result) => result.Exception is not null || ContentProperties.IsTrue(result, ContentProperties.IsError);

    /// <summary>Gets a result as text: a string as it is, anything else as JSON.</summary>
    /// <exception cref="ArgumentException">The value has no JSON form.</exception>
    public static string Text(this FunctionResultContent result) => result.Result switch
    {
        null => result.Exception is null ? "" : "The tool failed.",
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } text => text.GetString()!,
        JsonElement { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => "",
        JsonElement json => OnOneLine(json),
        JsonNode json => json.ToJsonString(),
        TextContent text => text.Text,
        var value => ToJson(value),
    };

    /// <summary>Gets the contents that a result is made of, except blocks that only another provider reads; <see langword="null"/> for a result that is a value.</summary>
    public static List<AIContent>? Contents(this FunctionResultContent result, string provider)
    {
        IEnumerable<AIContent>? contents = result.Result switch
        {
            AIContent content and not TextContent => [content],
            IEnumerable<AIContent> several => several,
            _ => null,
        };
        return contents?.Where(content => content.RawBlock(provider) is not null || !content.IsProvidersOwn()).ToList();
    }

    /// <summary>Gets the JSON text, on one line, of a value of any type that has a JSON form.</summary>
    /// <exception cref="ArgumentException">The value has no JSON form.</exception>
    public static string ToJson(object value) => JsonWriting.ToText(writer => WriteValue(writer, value));

    /// <summary>Writes a value of any type that has a JSON form.</summary>
    /// <exception cref="ArgumentException">The value has no JSON form.</exception>
    public static void WriteValue(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case JsonElement json:
                writer.WriteVerbatim(json);
                break;
            case IDictionary<string, object?> members:
                // Member by member, for there are more types of dictionaries than metadata.
                writer.WriteStartObject();
                foreach (var (name, member) in members)
                {
                    writer.WritePropertyName(name);
                    WriteValue(writer, member);
                }

                writer.WriteEndObject();
                break;
            default:
                JsonSerializer.Serialize(writer, value, TypeInfo(value));
                break;
        }
    }

    // A conversation that was stored may come back indented, and the prompt must not change by that.
    private static string OnOneLine(JsonElement json)
    {
        var text = json.GetRawText();
        return text.Contains('\n', StringComparison.Ordinal) ? ProviderJson.ParseNode(text)!.ToJsonString(OneLine) : text;
    }

    private static JsonTypeInfo TypeInfo(object value)
    {
        try
        {
            return AIJsonUtilities.DefaultOptions.GetTypeInfo(value.GetType());
        }
        catch (NotSupportedException exception)
        {
            throw new ArgumentException($"A value of the type {value.GetType()} has no JSON form here; give a JsonElement.", nameof(value), exception);
        }
    }

    private static JsonElement? Json(AdditionalPropertiesDictionary? properties, string name) => Value(properties, name) switch
    {
        JsonElement { ValueKind: JsonValueKind.Object } json => json,
        JsonObject json => ProviderJson.Parse(json.ToJsonString()),
        _ => null,
    };

    private static object? Value(AdditionalPropertiesDictionary? properties, string name) =>
        properties is not null && properties.TryGetValue(name, out var value) ? value : null;
}
