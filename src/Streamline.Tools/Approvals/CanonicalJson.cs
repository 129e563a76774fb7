using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Streamline.Tools;

/// <summary>Writes JSON in one form, whatever the order of members, the white space, the escapes and the spelling of numbers.</summary>
internal static class CanonicalJson
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(JsonElement element)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            Write(writer, element);
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static bool Equals(JsonElement one, JsonElement other) => Write(one).AsSpan().SequenceEqual(Write(other));

    private static void Write(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(Number(element), skipInputValidation: true);
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    // A browser that stores arguments writes 1.0 as 1 and 1e2 as 100.
    private static string Number(JsonElement element) =>
        element.TryGetDecimal(out var exact) && exact != 0 ? exact.ToString("0.############################", CultureInfo.InvariantCulture)
        : element.TryGetDouble(out var number) && double.IsFinite(number) ? number.ToString(CultureInfo.InvariantCulture)
        : element.GetRawText();
}
