using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Streamline.Protocols.Shared;

/// <summary>A function that a received request declares. It runs where the request came from.</summary>
internal sealed class ReceivedFunction(string name, string description, JsonElement schema, IReadOnlyDictionary<string, object?> properties) : AIFunctionDeclaration
{
    public override string Name => name;

    public override string Description => description;

    public override JsonElement JsonSchema => schema;

    public override IReadOnlyDictionary<string, object?> AdditionalProperties => properties;
}
