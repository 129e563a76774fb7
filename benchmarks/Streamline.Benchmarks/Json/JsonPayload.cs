using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Benchmarks.Json;

/// <summary>Deterministic JSON texts of the kind that models write as tool arguments and structured output.</summary>
internal static class JsonPayload
{
    private static readonly string[] Sentences =
    [
        "The river runs through the old town, past the mill and under three stone bridges.",
        "Les cafés près de la Seine ouvrent tôt — « un crème, s'il vous plaît ».",
        "She said: \"Pack a light jacket\", and left.",
        "Step 1:\n\tcheck the input;\nStep 2:\n\twrite C:\\temp\\out.json.",
        "東京の天気は晴れ、最高気温は二十八度です。",
        "Rated 4/5 by most visitors 🙂, closed on Mondays.",
    ];

    /// <summary>Writes an array of records until the text has at least the given length, then closes it.</summary>
    public static byte[] Create(int length)
    {
        var random = new Random(20260101);
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        writer.WriteStartObject();
        writer.WriteString("title", "Places to see");
        writer.WriteStartArray("items");
        for (var id = 1; buffer.WrittenCount < length; id++)
        {
            WriteRecord(writer, random, id);
            writer.Flush();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteRecord(Utf8JsonWriter writer, Random random, int id)
    {
        writer.WriteStartObject();
        writer.WriteNumber("id", id);
        writer.WriteString("name", $"Place {id}");
        writer.WriteStartArray("description");
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            writer.WriteStringValue(Sentences[random.Next(Sentences.Length)]);
        }

        writer.WriteEndArray();
        writer.WriteStartObject("position");
        writer.WriteNumber("lat", Math.Round((random.NextDouble() * 180) - 90, 6));
        writer.WriteNumber("lon", Math.Round((random.NextDouble() * 360) - 180, 6));
        writer.WriteEndObject();
        writer.WriteBoolean("open", random.Next(2) == 0);
        writer.WriteNull("price");
        writer.WriteStartArray("tags");
        writer.WriteStringValue("museum");
        writer.WriteStringValue("outdoor");
        writer.WriteNumberValue(random.Next(1_000_000));
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
