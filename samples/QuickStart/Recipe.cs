using System.Text.Json.Serialization;

namespace QuickStartSample;

/// <summary>What the snippet of typed values asks a model for.</summary>
internal sealed record Recipe(string Title, IReadOnlyList<string> Steps);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Recipe))]
internal sealed partial class RecipeContext : JsonSerializerContext;
