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
        PreviewReader.TryRead(contracts, child, entryType, Depth + 1, ref container, out value);

    protected override void Keep(in PreviewChild child)
    {
        if (child.IsRead)
        {
            _entries.TryAdd(child.Element.Name, child.Value);
        }
    }

    protected override object Create(in PreviewChild growing)
    {
        var dictionary = (IDictionary)JsonSerializer.Deserialize("{}"u8, type.Info)!;
        foreach (var (name, entry) in _entries)
        {
            AddFirst(dictionary, name, entry);
        }

        if (growing.IsRead)
        {
            AddFirst(dictionary, growing.Element.Name, growing.Value);
        }

        return dictionary;
    }

    // Of several entries that have one key in the dictionary, which may compare keys in its own way, the first was shown.
    private static void AddFirst(IDictionary dictionary, string name, object? entry)
    {
        if (!dictionary.Contains(name))
        {
            dictionary[name] = entry;
        }
    }
}
