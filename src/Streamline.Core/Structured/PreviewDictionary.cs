using System.Collections;
using System.Text.Json;
using Streamline.Json;

namespace Streamline.Structured;

/// <summary>A dictionary that grows.</summary>
internal sealed class PreviewDictionary(PreviewContracts contracts, PreviewType type, PreviewType entryType) : PreviewCollection
{
    private const int ReferencesPerEntry = 10; // that many bytes: hash, next, key, value and bucket, while it grows by doubling

    private readonly Dictionary<string, object?> _entries = new(StringComparer.Ordinal);

    protected override int CopiedReferences => ReferencesPerEntry * _entries.Count;

    protected override bool TryReadChild(PartialJsonElement child, ref PreviewNode? container, out object? value) =>
        PreviewReader.TryRead(contracts, child, entryType, ref container, out value);

    protected override void Keep(in PreviewChild child)
    {
        if (child.IsRead)
        {
            _entries[child.Element.Name] = child.Value;
        }
    }

    protected override object Create(in PreviewChild growing)
    {
        var dictionary = (IDictionary)JsonSerializer.Deserialize("{}"u8, type.Info)!;
        foreach (var (name, entry) in _entries)
        {
            dictionary[name] = entry;
        }

        if (growing.IsRead)
        {
            dictionary[growing.Element.Name] = growing.Value;
        }

        return dictionary;
    }
}
