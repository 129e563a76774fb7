using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streamline.Text;

/// <summary>Writes what a fence says as its info string.</summary>
internal sealed class CodeBlockInfoConverter : JsonConverter<CodeBlockInfo>
{
    public override CodeBlockInfo Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType == JsonTokenType.String
        ? CodeBlockInfo.Parse(reader.GetString()!)
        : throw new JsonException($"Expected the info string of a fence; found {reader.TokenType}.");

    public override void Write(Utf8JsonWriter writer, CodeBlockInfo value, JsonSerializerOptions options) => writer.WriteStringValue(value.Info);
}
