using System.Text.Json;

namespace Streamline.Framing;

/// <summary>Tells whole payloads from cut ones, at the end of a body.</summary>
internal static class WholeJson
{
    /// <summary>Tells whether a text is exactly one JSON value.</summary>
    /// <param name="text">The text, in UTF-8; blanks around the value are allowed.</param>
    public static bool IsValue(ReadOnlySpan<byte> text) => TryRead(text, isFinalBlock: true, out var isWhole) && isWhole;

    /// <summary>Tells whether a text is one JSON value, or the <c>[DONE]</c> that ends the streams of many providers.</summary>
    /// <param name="text">The text, in UTF-8; blanks around the value are allowed.</param>
    public static bool IsPayload(ReadOnlySpan<byte> text) => text.Trim(" \t\r\n"u8).SequenceEqual("[DONE]"u8) || IsValue(text);

    /// <summary>Tells whether a text is the beginning of a JSON object that ends before its closing brace.</summary>
    /// <param name="text">The text, in UTF-8, without blanks before it.</param>
    public static bool IsCutObject(ReadOnlySpan<byte> text) => text is [(byte)'{', ..] && TryRead(text, isFinalBlock: false, out var isWhole) && !isWhole;

    private static bool TryRead(ReadOnlySpan<byte> text, bool isFinalBlock, out bool isWhole)
    {
        isWhole = false;
        try
        {
            // The depth is for the decoder to limit.
            var reader = new Utf8JsonReader(text, isFinalBlock, new JsonReaderState(new JsonReaderOptions { MaxDepth = int.MaxValue }));
            var hasToken = false;
            while (reader.Read())
            {
                hasToken = true;
            }

            isWhole = hasToken && reader.CurrentDepth == 0 && reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
