using System.Buffers;
using System.Text;
using System.Text.Json;
using Streamline.Testing;

namespace Streamline.Cli.Inspection;

/// <summary>Tells an inspection as a line of JSON.</summary>
internal static class InspectionJson
{
    public static string Write(ResponseInspection inspection, bool withEvents, Delivery? delivery = null)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            writer.WriteString("protocol", inspection.Protocol.Name);
            writer.WriteNumber("bytes", inspection.Bytes);
            WriteText(writer, "responseId", inspection.Started?.ResponseId);
            WriteText(writer, "model", inspection.Started?.Model);
            WriteText(writer, "finishReason", inspection.Completed?.FinishReason.ToString());
            if (inspection.Exchange is { } exchange)
            {
                WriteTime(writer, "headMs", exchange.HeadAt);
                WriteTime(writer, "firstChunkMs", exchange.Chunks.Count > 0 ? exchange.Chunks[0].At : null);
                WriteTime(writer, "endMs", exchange.EndAt);
                writer.WriteNumber("chunks", exchange.Chunks.Count);
            }

            if (delivery is not null)
            {
                if (delivery.IsStreamed is { } isStreamed)
                {
                    writer.WriteBoolean("streams", isStreamed);
                }

                writer.WriteString("verdict", delivery.Verdict);
            }

            writer.WriteStartArray("odd");
            foreach (var oddity in inspection.Oddities)
            {
                writer.WriteStringValue(oddity);
            }

            writer.WriteEndArray();
            if (withEvents)
            {
                WriteEvents(writer, inspection);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>Tells of a response whose protocol is unknown.</summary>
    public static string Write(RecordedExchange exchange, Delivery delivery)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            writer.WriteNull("protocol");
            writer.WriteNumber("bytes", exchange.Chunks.Sum(chunk => (long)chunk.Bytes.Length));
            if (exchange.StatusCode is { } status)
            {
                writer.WriteNumber("status", (int)status);
            }

            WriteTime(writer, "headMs", exchange.HeadAt);
            WriteTime(writer, "endMs", exchange.EndAt);
            writer.WriteString("verdict", delivery.Verdict);
            writer.WriteStartArray("odd");
            foreach (var oddity in delivery.Oddities)
            {
                writer.WriteStringValue(oddity);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static void WriteEvents(Utf8JsonWriter writer, ResponseInspection inspection)
    {
        writer.WriteStartArray("events");
        foreach (var (at, streamEvent) in inspection.Events)
        {
            writer.WriteStartObject();
            WriteTime(writer, "atMs", at);
            writer.WritePropertyName("event");
            StreamEventJson.Write(writer, streamEvent);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    private static void WriteTime(Utf8JsonWriter writer, string name, TimeSpan? value)
    {
        if (value is { } time)
        {
            writer.WriteNumber(name, Math.Round(time.TotalMilliseconds, 3));
        }
    }
}
