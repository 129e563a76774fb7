using System.Text.Json;
using System.Text.Json.Serialization;
using Streamline.Protocols.Shared;

namespace Streamline.Benchmarks.Json;

internal sealed record Position(double Lat, double Lon);

internal sealed record Place(int Id, string Name, string[] Description, Position Position, bool Open, decimal? Price, JsonElement[] Tags);

/// <summary>What <see cref="JsonPayload"/> writes, typed.</summary>
internal sealed record Places(string Title, List<Place> Items);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Places))]
internal sealed partial class PlacesContext : JsonSerializerContext;
