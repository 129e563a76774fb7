using System.Buffers;
using System.Text;
using System.Text.Json;
using Streamline.Json;
using Streamline.TestSupport.Json;

namespace Streamline.Fuzz;

/// <summary>How a text with faults is read: at once or as it arrives, with the schema of its document or without.</summary>
internal sealed record FaultReading(bool IsStreamed, bool HasSchema)
{
    private readonly Dictionary<string, PartialJsonSchema> _schemas = [];

    public static IReadOnlyList<FaultReading> All { get; } = [new(false, false), new(false, true), new(true, false), new(true, true)];

    public string Name => (IsStreamed ? "streamed" : "whole") + (HasSchema ? " with schema" : "");

    public string Read(FaultyJsonText text)
    {
        var schema = HasSchema ? SchemaOf(text.Document.Schema) : null;
        if (!IsStreamed)
        {
            return PartialJson.Repair(text.Text, PartialJsonRepairMode.Guess, schema);
        }

        // A document that is read while it grows takes nothing back, so it can read less of the text again.
        var document = new PartialJsonDocument(new PartialJsonOptions { Repair = PartialJsonRepairMode.Guess, Schema = schema });
        document.Append(text.Text);
        document.Complete();
        var buffer = new ArrayBufferWriter<byte>();
        document.WriteWhole(buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private PartialJsonSchema SchemaOf(string text)
    {
        if (!_schemas.TryGetValue(text, out var schema))
        {
            _schemas.Add(text, schema = PartialJsonSchema.Create(JsonElement.Parse(text)));
        }

        return schema;
    }
}
