using Microsoft.Extensions.AI;

namespace Streamline.Protocols.Shared;

/// <summary>A tool of a received request that only its own protocol knows.</summary>
internal sealed class ReceivedTool(string name, IReadOnlyDictionary<string, object?> properties) : AITool
{
    public override string Name => name;

    public override IReadOnlyDictionary<string, object?> AdditionalProperties => properties;
}
