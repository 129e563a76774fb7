using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Streamline.Json;

namespace Streamline.Protocols.Shared;

/// <summary>Reads the whole text of a tool call's arguments. What is not an object by RFC 8259 is an error and never repaired.</summary>
internal static class ToolArguments
{
    /// <summary>Gets the object that an empty text stands for.</summary>
    public static JsonElement Empty { get; } = JsonElement.Parse("{}"u8);

    /// <summary>Reads arguments.</summary>
    /// <param name="utf8Json">The text, not empty.</param>
    /// <param name="maxDepth">How deep the text may nest.</param>
    /// <param name="arguments">The object; <see langword="null"/> when there is an error.</param>
    /// <returns>What was found, what was expected and where; <see langword="null"/> when nothing is wrong.</returns>
    public static string? Read(ReadOnlySpan<byte> utf8Json, int maxDepth, out JsonElement? arguments)
    {
        arguments = null;
        try
        {
            // An object without escaped halves of surrogate pairs needs no look of its own.
            var isPlainObject = utf8Json.TrimStart(" \t\r\n"u8).StartsWith((byte)'{') && utf8Json.IndexOf("\\u"u8) < 0;
            var error = isPlainObject ? null : FindUnusable(utf8Json, maxDepth);
            if (error is null)
            {
                arguments = JsonElement.Parse(utf8Json, new JsonDocumentOptions { MaxDepth = maxDepth });
            }

            return error;
        }
        catch (JsonException exception)
        {
            // The message of the reader says what was found and expected, with a line and a byte in it.
            return exception.Message;
        }
    }

    /// <summary>Tells whether a text stands for an object.</summary>
    /// <param name="text">The text; an empty one stands for an empty object.</param>
    public static bool AreReadable(string text) =>
        text.Length == 0 || Read(Encoding.UTF8.GetBytes(text), StreamReadOptions.HighestArgumentDepth, out _) is null;

    // What a strict reader accepts and no application can use: another value than an object, and half a surrogate pair,
    // which cannot be a string.
    private static string? FindUnusable(ReadOnlySpan<byte> utf8Json, int maxDepth)
    {
        var reader = new Utf8JsonReader(utf8Json, new JsonReaderOptions { MaxDepth = maxDepth });
        string? error = null;
        while (reader.Read())
        {
            if (error is not null)
            {
                continue;
            }

            if (reader is { CurrentDepth: 0, TokenType: not (JsonTokenType.StartObject or JsonTokenType.EndObject) })
            {
                error = $"The arguments are not an object: found {Describe(reader.TokenType)}, expected '{{', at byte {Offset(reader.TokenStartIndex)}.";
            }
            else if (reader.ValueIsEscaped && !JsonSurrogates.AreWhole(reader.ValueSpan))
            {
                error = "The arguments are not valid Unicode: found half a surrogate pair, expected both halves, "
                    + $"in the string at byte {Offset(reader.TokenStartIndex)}.";
            }
        }

        return error;
    }

    private static string Offset(long offset) => offset.ToString(CultureInfo.InvariantCulture);

    private static string Describe(JsonTokenType type) => type switch
    {
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "a boolean",
    };
}
