using System.Text.Json.Serialization;

namespace Streamline.Smoke;

internal sealed record Place(string City);

[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(Place))]
internal sealed partial class SmokeJsonContext : JsonSerializerContext;
