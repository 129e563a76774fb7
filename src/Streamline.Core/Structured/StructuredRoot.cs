using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Streamline.Structured;

/// <summary>
/// Where the value may be in an answer. Providers want an object at the root, so a value that is not one is requested inside an object. Models return it with and without
/// that object, whatever they were asked for.
/// </summary>
/// <param name="Form">How the value is told from the object around it.</param>
/// <param name="Names">The properties of the root that may hold the value; empty when the root is always the value.</param>
internal sealed record StructuredRoot(StructuredRootForm Form, string[] Names)
{
    private const string Value = "value";
    private const string Items = "items";

    /// <summary>The root is the value.</summary>
    public static StructuredRoot Whole { get; } = new(StructuredRootForm.Whole, []);

    /// <summary>The place of a value of a type.</summary>
    /// <param name="type">The type.</param>
    /// <param name="isWrapped">Whether the model was asked for an object around it.</param>
    public static StructuredRoot Of(JsonTypeInfo type, bool isWrapped)
    {
        var info = Nullable.GetUnderlyingType(type.Type) is { } underlying && type.Options.TryGetTypeInfo(underlying, out var contract) ? contract : type;
        if (info.Kind == JsonTypeInfoKind.Enumerable || info.Type == typeof(JsonArray))
        {
            return new StructuredRoot(StructuredRootForm.List, [Value, Items]);
        }

        if (info.Kind == JsonTypeInfoKind.None && PreviewContracts.IsBuiltIn(info) && !MemberPathCheck.IsOpen(info.Type))
        {
            return new StructuredRoot(StructuredRootForm.Scalar, [Value]);
        }

        return !isWrapped ? Whole : new StructuredRoot(CanHave(info, Value) ? StructuredRootForm.AnyObject : StructuredRootForm.OtherObject, [Value]);
    }

    /// <summary>The place of a list of items.</summary>
    public static StructuredRoot OfItems() => new(StructuredRootForm.List, [Items, Value]);

    private static bool CanHave(JsonTypeInfo info, string name) =>
        info.Kind != JsonTypeInfoKind.Object
        || info.Properties.Any(property => property.IsExtensionData || string.Equals(property.Name, name, MemberToken.ComparisonOf(info.Options)))
        || (info.PolymorphismOptions?.DerivedTypes ?? []).Any(derived =>
            derived.DerivedType != info.Type && info.Options.TryGetTypeInfo(derived.DerivedType, out var contract) && CanHave(contract, name));
}

/// <summary>How a value is told from an object around it.</summary>
internal enum StructuredRootForm
{
    /// <summary>There is no object around it.</summary>
    Whole,

    /// <summary>It is a list: the first of the properties that is one.</summary>
    List,

    /// <summary>It is not an object: the first of the properties.</summary>
    Scalar,

    /// <summary>It is an object that does not have the property: the first property of the root tells.</summary>
    OtherObject,

    /// <summary>It may be an object that has the property: it is in the property only when the root has no other one.</summary>
    AnyObject,
}
