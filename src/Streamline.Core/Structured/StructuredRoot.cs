using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Streamline.Json;

namespace Streamline.Structured;

/// <summary>
/// Finds the value in an answer. Providers want an object at the root, so a value that is not one is asked for inside of one. Models give it with and without
/// that object, whatever they were asked for.
/// </summary>
/// <param name="properties">The properties of the root that may hold the value; empty when the root is always the value.</param>
/// <param name="expectsObject">Whether the value itself is, or may be, an object.</param>
internal sealed class StructuredRoot(string[] properties, bool expectsObject)
{
    private const string Value = "value";
    private const string Items = "items";

    /// <summary>The place of a value of a type.</summary>
    /// <param name="type">The type.</param>
    /// <param name="isWrapped">Whether the model was asked for an object around it.</param>
    public static StructuredRoot Of(JsonTypeInfo type, bool isWrapped)
    {
        if (type.Kind == JsonTypeInfoKind.Enumerable)
        {
            return new StructuredRoot([Value, Items], expectsObject: false);
        }

        var isObject = type.Kind is JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary;
        var isUnion = type.PolymorphismOptions is not null;
        var isAny = type.Type == typeof(JsonElement) || type.Type == typeof(object) || type.Type.IsAssignableTo(typeof(JsonNode));
        return new StructuredRoot(isWrapped || !isObject || isUnion ? [Value] : [], isObject || isAny);
    }

    /// <summary>The place of a list of items.</summary>
    public static StructuredRoot OfItems() => new([Items, Value], expectsObject: false);

    /// <summary>Finds the value.</summary>
    /// <param name="root">The answer so far.</param>
    /// <returns>The value so far; undefined while it has not begun.</returns>
    public PartialJsonElement Find(PartialJsonElement root)
    {
        if (properties.Length == 0 || root.ValueKind != JsonValueKind.Object)
        {
            return root;
        }

        if (expectsObject)
        {
            // The first property tells whose object this is.
            return !root.TryGetChild(0, out var first) ? default : properties.Contains(first.Name) ? first : root;
        }

        foreach (var property in properties)
        {
            if (root.TryGetProperty(property, out var value))
            {
                return value;
            }
        }

        return root.IsComplete ? root : default;
    }
}
