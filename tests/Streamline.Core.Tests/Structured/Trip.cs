using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streamline.Tests.Structured;

internal enum Pace
{
    Unset,
    Slow,
    Brisk,
}

/// <summary>A record with a constructor, and members of every shape that previews know.</summary>
internal sealed record Trip(
    string Title,
    int Days,
    Pace Pace,
    IReadOnlyList<Stop> Stops,
    decimal? Budget,
    Dictionary<string, Stop> ByCode,
    string[] Tags,
    int[] Steps,
    string Currency = "EUR")
{
    public required string Owner { get; init; }

    public bool IsPublic { get; set; }

    public DateTimeOffset? Start { get; init; }

    public Transport? By { get; init; }

    public HashSet<string>? Languages { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ImmutableArray<int> Codes { get; init; }

    public List<List<string>>? Rows { get; init; }

    public Trip? Return { get; init; }

    public Point? At { get; init; }

    [JsonConverter(typeof(UpperCaseConverter))]
    public string? Code { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public JsonElement Extra { get; init; }

    public string Internal { get; } = "set by the constructor";
}

internal sealed record Stop(string Name, double Hours)
{
    public required string City { get; init; }

    public string? Note { get; set; }
}

[StructLayout(LayoutKind.Auto)]
internal readonly record struct Point(int X, int Y);

[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Train), "train")]
[JsonDerivedType(typeof(Flight), 7)]
internal abstract record Transport(string Company);

internal sealed record Train(string Company, string Line) : Transport(Company);

internal sealed record Flight(string Company, int Number) : Transport(Company);

/// <summary>A type whose constructor does not accept what is empty.</summary>
internal sealed record Guarded
{
    public Guarded(string name, string code)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(code);
        Name = name;
        Code = code;
    }

    public string Name { get; }

    public string Code { get; }
}

internal sealed class UpperCaseConverter : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString()!.ToUpperInvariant();

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}

/// <summary>An item that counts how often one is read.</summary>
[JsonConverter(typeof(Converter))]
internal sealed record Counted(int Number)
{
    [ThreadStatic]
    public static int Reads;

    public sealed class Converter : JsonConverter<Counted>
    {
        public override Counted Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            Reads++;
            return new Counted(reader.GetInt32());
        }

        public override void Write(Utf8JsonWriter writer, Counted value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Number);
    }
}

internal sealed record Report(List<Counted> Items, string Summary, Counted[] Rest);

internal sealed record Tree(string Label, List<Tree>? Children);

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, UseStringEnumConverter = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Trip))]
[JsonSerializable(typeof(Guarded))]
[JsonSerializable(typeof(Report))]
[JsonSerializable(typeof(Tree))]
[JsonSerializable(typeof(List<Stop>))]
[JsonSerializable(typeof(Transport))]
[JsonSerializable(typeof(Dictionary<string, int>))]
internal sealed partial class TripContext : JsonSerializerContext;
