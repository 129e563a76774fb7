using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace TrimDocs;

/// <summary>Which members of an assembly its users can see, by the ids of XML documentation without parameters. Overloads therefore share an id: it is visible if one of them is.</summary>
internal static class VisibleMembers
{
    public static HashSet<string> Of(string assembly)
    {
        using var file = File.OpenRead(assembly);
        using var image = new PEReader(file);
        var metadata = image.GetMetadataReader();
        var members = new HashSet<string>(StringComparer.Ordinal);
        foreach (var type in metadata.TypeDefinitions.Select(metadata.GetTypeDefinition).Where(type => IsVisible(metadata, type)))
        {
            var name = NameOf(metadata, type);
            members.Add($"T:{name}");
            members.UnionWith(MembersOf(metadata, type).Select(member => $"{member.Kind}:{name}.{member.Name.Replace('.', '#')}"));
        }

        return members;
    }

    /// <summary>Cuts the parameters, the result of a conversion and the number of type parameters of a method off an id.</summary>
    public static string WithoutParameters(string id)
    {
        var end = id.IndexOfAny(['(', '~']);
        var name = end < 0 ? id : id[..end];
        var arity = name.IndexOf("``", StringComparison.Ordinal);
        return arity < 0 ? name : name[..arity];
    }

    private static IEnumerable<(char Kind, string Name)> MembersOf(MetadataReader metadata, TypeDefinition type)
    {
        foreach (var field in type.GetFields().Select(metadata.GetFieldDefinition).Where(field => IsVisible((MethodAttributes)(field.Attributes & FieldAttributes.FieldAccessMask))))
        {
            yield return ('F', metadata.GetString(field.Name));
        }

        foreach (var method in type.GetMethods().Select(metadata.GetMethodDefinition).Where(method => IsVisible(method.Attributes)))
        {
            yield return ('M', metadata.GetString(method.Name));
        }

        foreach (var property in type.GetProperties().Select(metadata.GetPropertyDefinition))
        {
            var accessors = property.GetAccessors();
            if (new[] { accessors.Getter, accessors.Setter }.Any(accessor => !accessor.IsNil && IsVisible(metadata.GetMethodDefinition(accessor).Attributes)))
            {
                yield return ('P', metadata.GetString(property.Name));
            }
        }
    }

    private static bool IsVisible(MetadataReader metadata, TypeDefinition type) => (type.Attributes & TypeAttributes.VisibilityMask) switch
    {
        TypeAttributes.Public => true,
        TypeAttributes.NestedPublic or TypeAttributes.NestedFamily or TypeAttributes.NestedFamORAssem => IsVisible(metadata, metadata.GetTypeDefinition(type.GetDeclaringType())),
        _ => false,
    };

    // The bits of access are the same for fields and methods.
    private static bool IsVisible(MethodAttributes attributes) =>
        (attributes & MethodAttributes.MemberAccessMask) is MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem;

    private static string NameOf(MetadataReader metadata, TypeDefinition type)
    {
        var name = metadata.GetString(type.Name);
        return type.GetDeclaringType() is { IsNil: false } owner ? $"{NameOf(metadata, metadata.GetTypeDefinition(owner))}.{name}"
            : type.Namespace.IsNil ? name
            : $"{metadata.GetString(type.Namespace)}.{name}";
    }
}
