using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Streamline.Json;

namespace Streamline.Structured;

/// <summary>Finds members and entries that a value has twice. The serializer takes the last one, after snapshots have shown the first as complete.</summary>
internal sealed class DuplicateMembers : MemberCheck
{
    public static DuplicateMembers Check { get; } = new();

    protected override bool RefusesRepeats => true;

    protected override string? FindInWhole(PartialJsonElement value, JsonTypeInfo type, HashSet<string> keys, string path) =>
        keys.Count > 1 && MayMergeKeys(type) ? FindMergedKey(value, type, path) : null;

    private static bool MayMergeKeys(JsonTypeInfo type) => type.KeyType == typeof(string) && type.Type.Assembly != typeof(Dictionary<,>).Assembly;

    // A dictionary of the application may compare keys in its own way.
    private static string? FindMergedKey(PartialJsonElement value, JsonTypeInfo type, string path)
    {
        if (JsonSerializer.Deserialize("{}"u8, type) is not IDictionary { IsReadOnly: false } keys || value.Deserialize(type) is not IDictionary entries)
        {
            return null;
        }

        for (var position = 0; value.TryGetChild(position, out var child); position = child.NextPosition)
        {
            if (keys.Contains(child.Name))
            {
                return JsonPath.Of(path, child.Name);
            }

            keys[child.Name] = entries[child.Name];
        }

        return null;
    }
}
