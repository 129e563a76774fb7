using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Streamline.Json;
using Streamline.Structured;

namespace Streamline.Tests.Structured;

/// <summary>An enumeration's name in another casing: the serializer reads it, and a repair is reported only where guesses were asked for, because the text does not fit the schema.</summary>
public sealed class EnumCasingTests
{
    private static readonly JsonTypeInfo<Job> Type = (JsonTypeInfo<Job>)new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    }.GetTypeInfo(typeof(Job));

    [Fact]
    public async Task Read_OtherCasingByDefault_IsReadWithoutARepair()
    {
        var last = (await Reading.ReadAsync("""{"priority":"LOW"}""", Type)).Last();

        (last.Value!.Priority, last.Repairs.Count).Should().Be((Priority.Low, 0));
    }

    [Fact]
    public async Task Read_OtherCasingWithGuesses_IsReportedAsAConversion()
    {
        var options = new StructuredOutputOptions { Json = { Repair = PartialJsonRepairMode.Guess } };

        var last = (await Reading.ReadAsync("""{"priority":"LOW"}""", Type, options: options)).Last();

        last.Value!.Priority.Should().Be(Priority.Low);
        last.Repairs.Select(repair => repair.Kind).Should().Equal(PartialJsonRepairKind.ConvertedValue);
    }

    internal sealed record Job(Priority Priority);
}
