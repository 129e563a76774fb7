namespace Streamline.Protocols.Shared;

/// <summary>A tool of a received request that only its own protocol knows.</summary>
internal sealed class ReceivedTool(string name, IReadOnlyDictionary<string, object?> properties) : AITool
{
    public override string Name => name;

    public override IReadOnlyDictionary<string, object?> AdditionalProperties => properties;
}

/// <summary>A function that a received request declares. It runs where the request came from.</summary>
internal sealed class ReceivedFunction(string name, string description, JsonElement schema, IReadOnlyDictionary<string, object?> properties) : AIFunctionDeclaration
{
    public override string Name => name;

    public override string Description => description;

    public override JsonElement JsonSchema => schema;

    public override IReadOnlyDictionary<string, object?> AdditionalProperties => properties;
}
