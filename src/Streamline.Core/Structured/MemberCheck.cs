using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Streamline.Json;

namespace Streamline.Structured;

/// <summary>Reads a whole value together with the contract of its type, and finds the first place that is wrong in a way that the serializer accepts.</summary>
internal abstract class MemberCheck
{
    /// <summary>Finds the first.</summary>
    /// <param name="value">The whole value.</param>
    /// <param name="type">Its type.</param>
    /// <param name="path">The path of the value.</param>
    /// <returns>The path of the member; <see langword="null"/> when there is none.</returns>
    public string? Find(PartialJsonElement value, JsonTypeInfo type, string path) => (type.Kind, value.ValueKind) switch
    {
        (JsonTypeInfoKind.Object, JsonValueKind.Object) => FindInObject(value, type, path),
        (JsonTypeInfoKind.Dictionary, JsonValueKind.Object) or (JsonTypeInfoKind.Enumerable, JsonValueKind.Array) => FindInElements(value, type, path),
        _ => null,
    };

    /// <summary>Tells whether a member or key is wrong that comes a second time.</summary>
    protected virtual bool RefusesRepeats => false;

    /// <summary>Finds what is wrong with an object once its members are known.</summary>
    protected virtual string? FindInWhole(JsonTypeInfo type, HashSet<JsonPropertyInfo> members, string path) => null;

    /// <summary>Finds what is wrong with a dictionary once its keys are known.</summary>
    protected virtual string? FindInWhole(PartialJsonElement value, JsonTypeInfo type, HashSet<string> keys, string path) => null;

    private string? FindInObject(PartialJsonElement value, JsonTypeInfo type, string path)
    {
        var members = new HashSet<JsonPropertyInfo>();
        foreach (var property in value.EnumerateObject())
        {
            if (FindMember(type, property.Name) is not { } member)
            {
                continue;
            }

            if (!members.Add(member) && RefusesRepeats)
            {
                return JsonPath.Of(path, property.Name);
            }

            if (ContractOf(member.PropertyType, type.Options, property.Value) is { } contract && Find(property.Value, contract, JsonPath.Of(path, property.Name)) is { } found)
            {
                return found;
            }
        }

        return FindInWhole(type, members, path);
    }

    private string? FindInElements(PartialJsonElement value, JsonTypeInfo type, string path)
    {
        var index = 0;
        var keys = value.ValueKind == JsonValueKind.Object ? new HashSet<string>(StringComparer.Ordinal) : null;
        for (var position = 0; value.TryGetChild(position, out var child); position = child.NextPosition)
        {
            if (keys?.Add(child.Name) == false && RefusesRepeats)
            {
                return JsonPath.Of(path, child.Name);
            }

            if (ContractOf(type.ElementType!, type.Options, child) is { } contract
                && Find(child, contract, keys is not null ? JsonPath.Of(path, child.Name) : string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]")) is { } found)
            {
                return found;
            }

            index++;
        }

        return keys is null ? null : FindInWhole(value, type, keys, path);
    }

    // Only containers are looked into.
    private static JsonTypeInfo? ContractOf(Type type, JsonSerializerOptions options, PartialJsonElement value) =>
        value.ValueKind is JsonValueKind.Object or JsonValueKind.Array && options.TryGetTypeInfo(Nullable.GetUnderlyingType(type) ?? type, out var contract) ? contract : null;

    private static JsonPropertyInfo? FindMember(JsonTypeInfo type, string name)
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
}
