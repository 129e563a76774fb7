using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Streamline.Structured;

/// <summary>The tool that a model calls to give a structured answer. It is never run.</summary>
internal sealed class StructuredTool(string name, string description, StructuredSchema schema) : AIFunctionDeclaration
{
    public override string Name => name;

    public override string Description => description;

    public override JsonElement JsonSchema => schema.Schema;

    public override IReadOnlyDictionary<string, object?> AdditionalProperties { get; } =
        schema.IsStrict ? new Dictionary<string, object?>(StringComparer.Ordinal) { [StructuredRequest.Strict] = true } : [];
}
