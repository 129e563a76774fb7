using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Anthropic;

/// <summary>A delta that carries a piece of text, as it stands in the payload of <c>content_block_delta</c>.</summary>
/// <param name="Kind">What the text is.</param>
/// <param name="Index">The wire's index of the block; <see langword="null"/> when it is missing.</param>
/// <param name="Text">The text; non-existent when it is missing or null.</param>
/// <param name="EstimatedTokens">The number in <c>estimated_tokens</c>; non-existent in nearly all deltas.</param>
/// <param name="HasMore">Whether there are members that this version does not know.</param>
internal readonly record struct AnthropicDelta(AnthropicDeltaKind Kind, int? Index, JsonSlice Text, JsonSlice EstimatedTokens, bool HasMore)
{
    /// <summary>Reads a payload, to its end.</summary>
    /// <param name="data">The payload.</param>
    /// <param name="delta">The delta.</param>
    /// <returns><see langword="false"/> when the payload is another event, or a delta of another kind.</returns>
    /// <exception cref="JsonException">The payload is not JSON.</exception>
    public static bool TryRead(ReadOnlySpan<byte> data, out AnthropicDelta delta)
    {
        var reader = new Utf8JsonReader(data, WireJson.PayloadReader);
        var isDelta = false;
        var hasMore = false;
        int? index = null;
        var fields = default(Fields);
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("type"u8))
                {
                    isDelta = ReadString(ref reader) && reader.ValueTextEquals("content_block_delta"u8);
                }
                else if (reader.ValueTextEquals("index"u8))
                {
                    index = reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number) ? number : null;
                    reader.Skip();
                }
                else if (reader.ValueTextEquals("delta"u8))
                {
                    fields = ReadFields(ref reader);
                }
                else
                {
                    hasMore = true;
                    reader.Skip();
                }
            }
        }

        reader.Read();
        delta = new AnthropicDelta(fields.Kind, index, fields.Text, fields.Kind == AnthropicDeltaKind.Thinking ? fields.EstimatedTokens : default, hasMore || fields.HasMore);
        return isDelta && fields.Kind != AnthropicDeltaKind.Other;
    }

    private static Fields ReadFields(ref Utf8JsonReader reader)
    {
        var fields = default(Fields);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return fields;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                fields.Kind = ReadKind(ref reader);
            }
            else if (reader.ValueTextEquals("text"u8))
            {
                fields.PlainText = ReadSlice(ref reader, JsonTokenType.String);
            }
            else if (reader.ValueTextEquals("partial_json"u8))
            {
                fields.PartialJson = ReadSlice(ref reader, JsonTokenType.String);
            }
            else if (reader.ValueTextEquals("thinking"u8))
            {
                fields.Thinking = ReadSlice(ref reader, JsonTokenType.String);
            }
            else if (reader.ValueTextEquals("estimated_tokens"u8))
            {
                fields.EstimatedTokens = ReadSlice(ref reader, JsonTokenType.Number);
            }
            else
            {
                fields.HasMore = true;
                reader.Skip();
            }
        }

        return fields;
    }

    private static AnthropicDeltaKind ReadKind(ref Utf8JsonReader reader)
    {
        if (!ReadString(ref reader))
        {
            return AnthropicDeltaKind.Other;
        }

        return reader.ValueTextEquals("text_delta"u8) ? AnthropicDeltaKind.Text
            : reader.ValueTextEquals("input_json_delta"u8) ? AnthropicDeltaKind.InputJson
            : reader.ValueTextEquals("thinking_delta"u8) ? AnthropicDeltaKind.Thinking
            : AnthropicDeltaKind.Other;
    }

    private static bool ReadString(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
        return reader.TokenType == JsonTokenType.String;
    }

    private static JsonSlice ReadSlice(ref Utf8JsonReader reader, JsonTokenType type)
    {
        reader.Read();
        if (reader.TokenType != type)
        {
            reader.Skip();
            return default;
        }

        var quote = type == JsonTokenType.String ? 1 : 0;
        return new JsonSlice((int)reader.TokenStartIndex + quote, reader.ValueSpan.Length, reader.ValueIsEscaped);
    }

    private struct Fields
    {
        public AnthropicDeltaKind Kind;
        public JsonSlice PlainText;
        public JsonSlice PartialJson;
        public JsonSlice Thinking;
        public JsonSlice EstimatedTokens;
        public bool HasMore;

        public readonly JsonSlice Text => Kind switch
        {
            AnthropicDeltaKind.Text => PlainText,
            AnthropicDeltaKind.InputJson => PartialJson,
            AnthropicDeltaKind.Thinking => Thinking,
            _ => default,
        };
    }
}
