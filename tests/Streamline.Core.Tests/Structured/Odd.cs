using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Streamline.Tests.Structured;

/// <summary>A type with every constraint that annotations can state.</summary>
internal sealed record Limits(
    [property: Range(1, 600)] int Minutes,
    [property: StringLength(10, MinimumLength = 2)] string Name,
    [property: RegularExpression("a+")] string Code,
    [property: MaxLength(3)] string[] Tags,
    Uri Link,
    DateTimeOffset Due);

internal sealed record Part(string Name);

/// <summary>A type with two members of one type, which the exporter writes once.</summary>
internal sealed record Pair(IReadOnlyList<Part> Left, IReadOnlyList<Part> Right);

internal sealed record Branch(string Label, List<Branch> Children);

internal sealed class Empty;

internal sealed record HasEmpty(Empty Inner, string Text);

internal sealed record HasTuple((int First, int Second) Both, string Text);

/// <summary>A value whose converter writes an object with a property named like the wrapper.</summary>
[JsonConverter(typeof(Converter))]
internal sealed record Money(decimal Value, string Unit)
{
    public sealed class Converter : JsonConverter<Money>
    {
        public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return new Money(document.RootElement.GetProperty("value").GetDecimal(), document.RootElement.GetProperty("unit").GetString()!);
        }

        public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WriteNumber("value", value.Value);
            writer.WriteString("unit", value.Unit);
            writer.WriteEndObject();
        }
    }
}

/// <summary>A union in which a member is named like the wrapper.</summary>
[JsonDerivedType(typeof(Leaf), "leaf")]
internal record Node(int Value, string? Name);

internal sealed record Leaf(int Value, string? Name) : Node(Value, Name);

internal abstract class Coded
{
    [ShowWhenComplete]
    public abstract string Code { get; set; }

    public virtual string Id { get; set; } = "";
}

internal sealed class Coupon : Coded
{
    public override string Code { get; set; } = "";

    public override string Id { get; set; } = "";
}

internal sealed record Keyed(Dictionary<int, Part> ById, string Title, byte[] Bytes, Dictionary<string, int> Counts, List<Part> Parts);

internal sealed record OddName([property: JsonPropertyName("list.x/y")] List<int> Numbers);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, RespectNullableAnnotations = true, AllowOutOfOrderMetadataProperties = true)]
[JsonSerializable(typeof(Limits))]
[JsonSerializable(typeof(Pair))]
[JsonSerializable(typeof(Branch))]
[JsonSerializable(typeof(HasEmpty))]
[JsonSerializable(typeof(HasTuple))]
[JsonSerializable(typeof(Money))]
[JsonSerializable(typeof(Node))]
[JsonSerializable(typeof(Coupon))]
[JsonSerializable(typeof(Keyed))]
[JsonSerializable(typeof(OddName))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(HashSet<string>))]
[JsonSerializable(typeof(List<Node>))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(int[]))]
internal sealed partial class OddContext : JsonSerializerContext;
