using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streamline;

/// <summary>Writes an enum value as its name in camel case. A name that a later version may have written is read as <c>other</c>; where there is no such value, it is an <see cref="UnknownNameException"/>.</summary>
internal sealed class CamelCaseEnumConverter<TEnum> : JsonConverter<TEnum>
    where TEnum : struct, Enum
{
    private static readonly Dictionary<string, TEnum> Values =
        Enum.GetValues<TEnum>().ToDictionary(value => JsonNamingPolicy.CamelCase.ConvertName(value.ToString()), StringComparer.Ordinal);

    private static readonly Dictionary<TEnum, JsonEncodedText> Names =
        Values.ToDictionary(pair => pair.Value, pair => JsonEncodedText.Encode(pair.Key));

    public override TEnum Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException($"Expected a string; found {reader.TokenType}.");
        }

        return Values.TryGetValue(reader.GetString()!, out var value) || Values.TryGetValue("other", out value)
            ? value
            : throw new UnknownNameException($"Expected one of {string.Join(", ", Values.Keys)}.");
    }

    public override void Write(Utf8JsonWriter writer, TEnum value, JsonSerializerOptions options) => writer.WriteStringValue(
        Names.TryGetValue(value, out var name) ? name : throw new JsonException($"{typeof(TEnum).Name} has no value {value}."));
}
