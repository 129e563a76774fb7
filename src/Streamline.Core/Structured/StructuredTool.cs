using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Streamline.Structured;

/// <summary>The tool that a model calls to give a structured answer. It is never run.</summary>
internal sealed class StructuredTool(string name, string description, JsonElement schema, bool isStrict) : AIFunctionDeclaration
{
    public override string Name => name;

    public override string Description => description;

    public override JsonElement JsonSchema => schema;

    public override IReadOnlyDictionary<string, object?> AdditionalProperties { get; } =
        isStrict ? new Dictionary<string, object?>(StringComparer.Ordinal) { [StructuredRequest.Strict] = true } : [];
}
