using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streamline.Tests.Structured;

internal sealed class Labelled
{
    [RequiredToShow]
    public string? Id { get; set; }

    public string Text { get; set; } = "";
}

internal sealed class Booking
{
    public string Text { get; set; } = "";

    public Transport By { get; set; } = null!;
}

/// <summary>A type with a member that takes no empty text, and has a default.</summary>
internal sealed class Picky
{
    public string Name { get; set; } = "";

    public string Code
    {
        get;
        set
        {
            ArgumentException.ThrowIfNullOrEmpty(value);
            field = value;
        }
    } = "none";
}

/// <summary>An enumeration of which only defined values can be written.</summary>
[JsonConverter(typeof(ShadeConverter))]
internal enum Shade
{
    Red,
    Green,
    Blue,
}

internal sealed class ShadeConverter() : JsonStringEnumConverter<Shade>(namingPolicy: null, allowIntegerValues: false);

internal sealed record Shaded(string Text, Shade Shade = Shade.Green);

/// <summary>A type in which every member has a default that is a value.</summary>
internal sealed class Defaults
{
    public string Title { get; set; } = "";

    public string Currency { get; set; } = "EUR";

    public int Count { get; set; } = 5;

    public string? Note { get; set; } = "a note";

    public int? Limit { get; set; } = 7;

    public List<string> Tags { get; set; } = ["x"];

    public Priority Priority { get; set; } = Priority.High;

    public Days Days { get; set; } = Days.Tuesday;

    public Transport By { get; set; } = new Train("FS", "1");
}

/// <summary>A value that cannot be written before it has been given a text.</summary>
[JsonConverter(typeof(Converter))]
internal readonly record struct Ticketed(string Id)
{
    public sealed class Converter : JsonConverter<Ticketed>
    {
        public override Ticketed Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, Ticketed value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Id ?? throw new InvalidOperationException("The value was never set."));
    }
}

internal sealed record Holder(string Text, Ticketed Ticket);

internal readonly record struct Place(string City, ImmutableArray<string> Lines);

internal sealed record Chain(string Name, Chain? Next);

[JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]
internal sealed class Filled
{
    public List<string> Tags { get; set; } = ["y"];

    public List<string> Others { get; set; } = [];

    public Inside Inside { get; set; } = new() { Kept = "kept" };
}

internal sealed class Inside
{
    public string Text { get; set; } = "";

    public string Kept { get; set; } = "";
}

/// <summary>A dictionary in which keys that differ in case are one.</summary>
internal sealed class LooseKeys() : Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

internal sealed class Hidden
{
    public string Text { get; set; } = "";

    [JsonIgnore]
    public string Ignored { get; set; } = "";

    public Dictionary<Shade, int> ByShade { get; set; } = [];

    public Dictionary<Priority, int> ByPriority { get; set; } = [];

    public Dictionary<Guid, int> ById { get; set; } = [];
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(List<Labelled>))]
[JsonSerializable(typeof(List<Booking>))]
[JsonSerializable(typeof(List<Picky>))]
[JsonSerializable(typeof(IReadOnlyList<Picky>))]
[JsonSerializable(typeof(Dictionary<string, Picky>))]
[JsonSerializable(typeof(Shaded))]
[JsonSerializable(typeof(Shade))]
[JsonSerializable(typeof(Shade?))]
[JsonSerializable(typeof(List<Shaded>))]
[JsonSerializable(typeof(List<Defaults>))]
[JsonSerializable(typeof(Holder))]
[JsonSerializable(typeof(Place))]
[JsonSerializable(typeof(Chain))]
[JsonSerializable(typeof(Filled))]
[JsonSerializable(typeof(LooseKeys))]
[JsonSerializable(typeof(Hidden))]
[JsonSerializable(typeof(ImmutableArray<string>))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(string))]
internal sealed partial class GrowingContext : JsonSerializerContext;
