using System.Text.Json;
using System.Text.Json.Nodes;

namespace Streamline;

/// <summary>How JSON is parsed that came from outside, or that is made of such: equally deep on every protocol and in every direction.</summary>
/// <remarks>The bounds are small enough for what walks a value by recursion, here and in System.Text.Json, to have stack left.</remarks>
internal static class ProviderJson
{
    /// <summary>How deep a payload of a response or the body of a request may nest.</summary>
    public const int MaxPayloadDepth = 900;

    /// <summary>How deep JSON may nest that is made of what came, which stands some levels deeper in it. A <see cref="Utf8JsonWriter"/> goes as deep.</summary>
    public const int MaxDepth = 1000;

    /// <summary>Reads a payload.</summary>
    public static readonly JsonReaderOptions PayloadReader = new() { MaxDepth = MaxPayloadDepth };

    private static readonly JsonReaderOptions DepthReader = new() { MaxDepth = MaxPayloadDepth + 1 };
    private static readonly JsonDocumentOptions Payload = new() { MaxDepth = MaxPayloadDepth };
    private static readonly JsonDocumentOptions Rebuilt = new() { MaxDepth = MaxDepth };

    /// <summary>Parses what came from outside.</summary>
    /// <exception cref="JsonException">It is not JSON, or <see cref="IsTooDeep"/>.</exception>
    public static JsonElement ParsePayload(ReadOnlySpan<byte> utf8Json) => JsonElement.Parse(utf8Json, Payload);

    /// <summary>Parses what was made of values that came from outside.</summary>
    /// <exception cref="JsonException">It is not JSON, or deeper than <see cref="MaxDepth"/>.</exception>
    public static JsonElement Parse(ReadOnlySpan<byte> utf8Json) => JsonElement.Parse(utf8Json, Rebuilt);

    /// <inheritdoc cref="Parse(ReadOnlySpan{byte})"/>
    public static JsonElement Parse(string json) => JsonElement.Parse(json, Rebuilt);

    /// <inheritdoc cref="Parse(ReadOnlySpan{byte})"/>
    public static JsonNode? ParseNode(string json) => JsonNode.Parse(json, nodeOptions: null, Rebuilt);

    /// <summary>Tells whether text is JSON as far as to where it nests deeper than <see cref="MaxPayloadDepth"/>.</summary>
    public static bool IsTooDeep(ReadOnlySpan<byte> utf8Json)
    {
        var reader = new Utf8JsonReader(utf8Json, DepthReader);
        try
        {
            // The depth of the start of a container is that of its parent.
            while (reader.Read())
            {
                if (reader is { CurrentDepth: MaxPayloadDepth, TokenType: JsonTokenType.StartObject or JsonTokenType.StartArray })
                {
                    return true;
                }
            }
        }
        catch (JsonException)
        {
            // Another fault came first.
        }

        return false;
    }
}
