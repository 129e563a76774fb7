using System.ComponentModel;
using System.Text.Json.Serialization;

namespace ProgressiveSample;

/// <summary>A section of a guide, as the outline has it.</summary>
internal sealed record Section([property: Description("A few words.")] string Title, [property: Description("What the section tells, in one sentence.")] string Purpose);

[JsonSerializable(typeof(Section))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class GuideContext : JsonSerializerContext;
