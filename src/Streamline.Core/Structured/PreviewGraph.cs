using System.Text.Json.Serialization.Metadata;

namespace Streamline.Structured;

/// <summary>The contracts that values of a type are made of.</summary>
internal static class PreviewGraph
{
    /// <summary>Gets the members of a type, of the types in it, and of those that derive from them.</summary>
    public static IEnumerable<JsonPropertyInfo> MembersOf(JsonTypeInfo root)
    {
        var seen = new HashSet<Type> { root.Type };
        var pending = new Queue<JsonTypeInfo>([root]);
        while (pending.TryDequeue(out var type))
        {
            foreach (var property in type.Properties)
            {
                yield return property;
            }

            foreach (var next in TypesIn(type))
            {
                if (seen.Add(next) && root.Options.TryGetTypeInfo(next, out var contract))
                {
                    pending.Enqueue(contract);
                }
            }
        }
    }

    private static IEnumerable<Type> TypesIn(JsonTypeInfo type) => type.Properties.Select(property => property.PropertyType)
        .Append(type.ElementType ?? type.Type)
        .Append(Nullable.GetUnderlyingType(type.Type) ?? type.Type)
        .Concat((type.PolymorphismOptions?.DerivedTypes ?? []).Select(derived => derived.DerivedType));
}
