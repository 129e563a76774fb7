using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Streamline.Smoke;

/// <summary>A tool without reflection.</summary>
internal sealed class WeatherFunction : AIFunction
{
    public override string Name => "get_weather";

    public override string Description => "The weather in a city.";

    public override JsonElement JsonSchema { get; } = JsonElement.Parse("""
        {"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}
        """);

    protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) =>
        ValueTask.FromResult<object?>($"Rain in {arguments["city"]}.");
}
