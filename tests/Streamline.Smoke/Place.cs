using System.Text.Json.Serialization;

namespace Streamline.Smoke;

internal sealed record Place(string City);

internal sealed record Trip(IReadOnlyList<Place> Places, IReadOnlyList<int> Days);

[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(Place))]
[JsonSerializable(typeof(Trip))]
internal sealed partial class SmokeJsonContext : JsonSerializerContext;
