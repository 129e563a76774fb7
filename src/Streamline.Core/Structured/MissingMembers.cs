using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Streamline.Json;

namespace Streamline.Structured;

/// <summary>
/// Finds members that a value must have and does not: what is marked as required, and parameters of a constructor that have no default and cannot be null. The serializer would fill the
/// latter with zero or null, which looks like an answer of the model.
/// </summary>
internal static class MissingMembers
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
            if (DuplicateMembers.FindMember(type, property.Name) is not { } member)
            {
                continue;
            }

            seen.Add(member);
            if (FindWithin(property.Value, member.PropertyType, type.Options, JsonPath.Of(path, property.Name)) is { } found)
            {
                return found;
            }
        }

        foreach (var property in type.Properties)
        {
            var isNeeded = property.IsRequired || property.AssociatedParameter is { HasDefaultValue: false, IsNullable: false, IsMemberInitializer: false };
            if (isNeeded && !seen.Contains(property))
            {
                return JsonPath.Of(path, property.Name);
            }
        }

        return null;
    }

    private static string? FindInElements(PartialJsonElement value, JsonTypeInfo type, string path)
    {
        var index = 0;
        for (var position = 0; value.TryGetChild(position, out var child); position = child.NextPosition)
        {
            var place = value.ValueKind == JsonValueKind.Object ? JsonPath.Of(path, child.Name) : string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");
            if (FindWithin(child, type.ElementType!, type.Options, place) is { } found)
            {
                return found;
            }

            index++;
        }

        return null;
    }

    private static string? FindWithin(PartialJsonElement value, Type type, JsonSerializerOptions options, string path) =>
        DuplicateMembers.ContractOf(type, options, value) is { } contract ? Find(value, contract, path) : null;
}
