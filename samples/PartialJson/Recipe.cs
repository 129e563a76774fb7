using System.Text.Json;
using System.Text.Json.Serialization;

namespace PartialJsonSample;

internal enum Course
{
    Starter,
    Main,
    Dessert,
}

internal sealed record Ingredient(string Name, string Amount);

internal sealed record Recipe(string Title, int Minutes, Course Course, IReadOnlyList<Ingredient> Ingredients, string[] Steps);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Recipe))]
internal sealed partial class RecipeContext : JsonSerializerContext;
