using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Streamline.Structured;

/// <summary>
/// Lets the serializer put an object together from values that are there already. Constructors, required and init-only members can be reached without
/// reflection only through it: so it is given a short text in which every member is a number, and this converter reads the number as a place in a list.
/// </summary>
internal sealed class PreviewSlots : JsonConverter<object?>
{
    [ThreadStatic]
    private static object?[]? _values; // of the call that is being served on this thread

    public static PreviewSlots Converter { get; } = new();

    /// <summary>Makes an object.</summary>
    /// <param name="contract">A contract of which the members have this converter.</param>
    /// <param name="utf8Json">The object, with the places of values in place of the values.</param>
    /// <param name="values">The values.</param>
    public static object? Create(JsonTypeInfo contract, ReadOnlySpan<byte> utf8Json, object?[] values)
    {
        var outer = _values; // a constructor may read JSON itself
        _values = values;
        try
        {
            return JsonSerializer.Deserialize(utf8Json, contract);
        }
        finally
        {
            _values = outer;
        }
    }

    // The serializer casts what is read to the type of the member.
    public override bool CanConvert(Type typeToConvert) => true;

    public override object? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => _values![reader.GetInt32()];

    public override void Write(Utf8JsonWriter writer, object? value, JsonSerializerOptions options) => throw new NotSupportedException();
}
