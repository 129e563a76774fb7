using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streamline;

/// <summary>Writes a time span as a number of milliseconds, which every consumer of the JSON form can read.</summary>
internal sealed class MillisecondsConverter : JsonConverter<TimeSpan>
{
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        // Rounded, because the product of a written figure may lie just below the tick that it came from.
        var ticks = Math.Round(reader.GetDouble() * TimeSpan.TicksPerMillisecond);
        return ticks is > long.MinValue and < long.MaxValue
            ? TimeSpan.FromTicks((long)ticks)
            : throw new JsonException("Expected a number of milliseconds within the range of a time span.");
    }

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.TotalMilliseconds);
}
