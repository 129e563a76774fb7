using System.Text.Json.Serialization;

namespace Streamline;

/// <summary>Source-generated metadata of the JSON form of events. It needs no reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    AllowOutOfOrderMetadataProperties = true)]
[JsonSerializable(typeof(StreamEvent))]
internal sealed partial class StreamEventJsonContext : JsonSerializerContext;
