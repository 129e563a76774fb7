using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Streamline.Json;

namespace Streamline.Structured;

/// <summary>Finds members and entries that a value has twice. The serializer takes the last one, after snapshots have shown the first as complete.</summary>
internal static class DuplicateMembers
{
    /// <summary>Finds the first.</summary>
    /// <param name="value">The whole value.</param>
    /// <param name="type">Its type.</param>
    /// <param name="path">The path of the value.</param>
    /// <returns>The path of the member; <see langword="null"/> when there is none.</returns>
    public static string? Find(PartialJsonElement value, JsonTypeInfo type, string path) => (type.Kind, value.ValueKind) switch
    {
        (JsonTypeInfoKind.Object, JsonValueKind.Object) => FindInObject(value, type, path),
        (JsonTypeInfoKind.Dictionary, JsonValueKind.Object) or (JsonTypeInfoKind.Enumerable, JsonValueKind.Array) => FindInElements(value, type, path),
        _ => null,
    };

    private static string? FindInObject(PartialJsonElement value, JsonTypeInfo type, string path)
    {
        var seen = new HashSet<JsonPropertyInfo>();
        foreach (var property in value.EnumerateObject())
        {
            if (FindMember(type, property.Name) is not { } member)
            {
                continue;
            }

            if (!seen.Add(member))
            {
                return JsonPath.Of(path, property.Name);
            }

            if (ContractOf(member.PropertyType, type.Options, property.Value) is { } contract && Find(property.Value, contract, JsonPath.Of(path, property.Name)) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static string? FindInElements(PartialJsonElement value, JsonTypeInfo type, string path)
    {
        var index = 0;
        var names = value.ValueKind == JsonValueKind.Object ? new HashSet<string>(StringComparer.Ordinal) : null;
        for (var position = 0; value.TryGetChild(position, out var child); position = child.NextPosition)
        {
            if (names?.Add(child.Name) == false)
            {
                return JsonPath.Of(path, child.Name);
            }

            if (ContractOf(type.ElementType!, type.Options, child) is { } contract
                && Find(child, contract, value.ValueKind == JsonValueKind.Object ? JsonPath.Of(path, child.Name) : string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]")) is { } found)
            {
                return found;
            }

            index++;
        }

        return names is { Count: > 1 } && MayMergeKeys(type) ? FindMergedKey(value, type, path) : null;
    }

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

    /// <summary>Finds the property that a member of the JSON text is for.</summary>
    internal static JsonPropertyInfo? FindMember(JsonTypeInfo type, string name)
    {
        foreach (var property in type.Properties)
        {
            if (!property.IsExtensionData && string.Equals(property.Name, name, MemberToken.ComparisonOf(type.Options)))
            {
                return property;
            }
        }

        return null;
    }

    /// <summary>Gets the contract of a value of a type; <see langword="null"/> unless it is a container, as only those are looked into.</summary>
    internal static JsonTypeInfo? ContractOf(Type type, JsonSerializerOptions options, PartialJsonElement value) =>
        value.ValueKind is JsonValueKind.Object or JsonValueKind.Array && options.TryGetTypeInfo(Nullable.GetUnderlyingType(type) ?? type, out var contract) ? contract : null;
}
