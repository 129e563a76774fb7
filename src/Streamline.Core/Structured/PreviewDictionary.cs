using System.Collections;
using System.Text.Json;
using Streamline.Json;

namespace Streamline;

/// <summary>A dictionary that grows.</summary>
internal sealed class PreviewDictionary(PreviewContracts contracts, PreviewType type, PreviewType entryType) : PreviewContainer
{
    private readonly Dictionary<string, object?> _entries = new(StringComparer.Ordinal);

    protected override bool TryReadChild(PartialJsonElement child, ref PreviewContainer? container, out object? value) =>
        PreviewReader.TryRead(contracts, child, entryType, ref container, out value);

    protected override void Keep(PartialJsonElement child, object? value) => _entries[child.Name] = value;

    protected override object? Create(PartialJsonElement growing, object? growingValue)
    {
        var dictionary = (IDictionary)JsonSerializer.Deserialize("{}"u8, type.Info)!;
        foreach (var (name, value) in _entries)
        {
            dictionary[name] = value;
        }

        if (growing.ValueKind != JsonValueKind.Undefined)
        {
            dictionary[growing.Name] = growingValue;
        }

        return dictionary;
    }
}
