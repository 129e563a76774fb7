using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Streamline.Json;

namespace Streamline.Structured;

/// <summary>Tells whether values of a type can have anything at a path, so that a mistyped path is an error instead of incomplete forever.</summary>
internal static class MemberPathCheck
{
    /// <summary>Makes the steps of a path, and refuses one that leads nowhere.</summary>
    /// <param name="path">A JSON Pointer (RFC 6901), or the name of a member of the root.</param>
    /// <param name="root">The type of the value.</param>
    /// <exception cref="ArgumentException">No value of the type has anything there.</exception>
    public static List<MemberToken> ToTokens(string path, JsonTypeInfo root)
    {
        var pointer = path.StartsWith('/') || path.Length == 0 ? path : "/" + path.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
        JsonPointer.Validate(pointer);
        var tokens = new List<MemberToken>();
        var type = (Type?)root.Type;
        ReadOnlySpan<char> rest = pointer;
        while (!rest.IsEmpty)
        {
            var token = JsonPointer.Unescape(JsonPointer.NextToken(rest, out var after));
            var isMember = IsObject(type, root.Options);
            type = Next(type, token, root.Options, path, pointer[..^rest.Length]);
            tokens.Add(new MemberToken(token, isMember ? MemberToken.ComparisonOf(root.Options) : StringComparison.Ordinal));
            rest = after;
        }

        return tokens;
    }

    /// <summary>Whether a member can be in the JSON of its type: one that is ignored is not, and nor is extension data.</summary>
    public static bool IsInJson(JsonPropertyInfo property) => property is { IsExtensionData: false } and not { Get: null, Set: null };

    /// <summary>Whether values of a type may be any JSON.</summary>
    public static bool IsOpen(Type type) => type == typeof(object) || type == typeof(JsonElement) || type == typeof(JsonDocument) || type.IsAssignableTo(typeof(JsonNode));

    private static bool IsObject(Type? type, JsonSerializerOptions options) =>
        type is not null && options.TryGetTypeInfo(Nullable.GetUnderlyingType(type) ?? type, out var info) && info.Kind == JsonTypeInfoKind.Object;

    // Null for anything.
    private static Type? Next(Type? type, string token, JsonSerializerOptions options, string path, string place)
    {
        if (type is null || IsOpen(type) || !options.TryGetTypeInfo(Nullable.GetUnderlyingType(type) ?? type, out var info))
        {
            return null;
        }

        switch (info.Kind)
        {
            case JsonTypeInfoKind.Object:
                return FindMember(info, token, options, out var member) ? member : throw Impossible(path, place, $"{info.Type.Name} has no member '{token}'{Hint(path)}");
            case JsonTypeInfoKind.Dictionary:
                return info.ElementType;
            case JsonTypeInfoKind.Enumerable:
                return JsonPointer.TryParseIndex(token, out _) ? info.ElementType : throw Impossible(path, place, $"found '{token}', expected the index of an element");
            default:
                return PreviewContracts.IsBuiltIn(info) ? throw Impossible(path, place, $"a value of type {info.Type.Name} has no members") : null;
        }
    }

    private static bool FindMember(JsonTypeInfo info, string name, JsonSerializerOptions options, out Type? member)
    {
        foreach (var property in info.Properties)
        {
            if (IsInJson(property) && string.Equals(property.Name, name, MemberToken.ComparisonOf(options)))
            {
                member = property.PropertyType;
                return true;
            }
        }

        member = null;
        return info.Properties.Any(property => property.IsExtensionData) || (info.PolymorphismOptions is { } polymorphism
            && (polymorphism.TypeDiscriminatorPropertyName == name || FindDerivedMember(info, polymorphism, name, options, out member)));
    }

    private static bool FindDerivedMember(JsonTypeInfo info, JsonPolymorphismOptions polymorphism, string name, JsonSerializerOptions options, out Type? member)
    {
        foreach (var derived in polymorphism.DerivedTypes)
        {
            if (derived.DerivedType != info.Type && options.TryGetTypeInfo(derived.DerivedType, out var contract) && FindMember(contract, name, options, out member))
            {
                return true;
            }
        }

        member = null;
        return false;
    }

    private static string Hint(string path) =>
        path.StartsWith('/') ? "" : "; a path to a nested member is a JSON Pointer such as '/items/0/name'";

    private static ArgumentException Impossible(string path, string place, string found) =>
        new($"Nothing can be at '{path}': {found}, at '{(place.Length == 0 ? "/" : place)}'.", nameof(path));
}
