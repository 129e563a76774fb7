using System.Text.Json.Serialization.Metadata;

namespace Streamline.Structured;

/// <summary>
/// Finds members that a value must have and does not: what is marked as required, and parameters of a constructor that have no default and cannot be null. The serializer would fill the
/// latter with zero or null, which looks like an answer of the model.
/// </summary>
internal sealed class MissingMembers : MemberCheck
{
    public static MissingMembers Check { get; } = new();

    protected override string? FindInWhole(JsonTypeInfo type, HashSet<JsonPropertyInfo> members, string path)
    {
        foreach (var property in type.Properties)
        {
            var isNeeded = property.IsRequired || property.AssociatedParameter is { HasDefaultValue: false, IsNullable: false, IsMemberInitializer: false };
            if (isNeeded && !members.Contains(property))
            {
                return JsonPath.Of(path, property.Name);
            }
        }

        return null;
    }
}
