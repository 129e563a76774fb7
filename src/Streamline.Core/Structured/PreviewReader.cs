using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Streamline.Json;

namespace Streamline.Structured;

/// <summary>Reads a value as far as it has arrived. What does not fit its type, or cannot be shown yet, is left out: the end decides.</summary>
internal static class PreviewReader
{
    /// <summary>Reads a value.</summary>
    /// <param name="contracts">How types are shown.</param>
    /// <param name="element">The value so far.</param>
    /// <param name="type">The type of the value.</param>
    /// <param name="depth">How many objects and collections there are around what is in the value, when it is one itself.</param>
    /// <param name="container">What an earlier call kept of the same value; set when it is a container.</param>
    /// <param name="value">The value.</param>
    public static bool TryRead(PreviewContracts contracts, PartialJsonElement element, PreviewType type, int depth, ref PreviewNode? container, out object? value)
    {
        value = null;
        if (element.ValueKind is JsonValueKind.Object or JsonValueKind.Array && depth >= contracts.MaxDepth)
        {
            return false; // the serializer could not write it
        }

        if (container is null && !TryOpen(contracts, element, type, depth, out container))
        {
            return element.ValueKind == JsonValueKind.String && type.Form == PreviewForm.Text
                ? element.TryGetString(out var text) && (value = text) is not null
                : element.IsComplete && TryDeserialize(element, type.Info, out value);
        }

        return container.TryRead(element, out value);
    }

    /// <summary>Lets go of what a value was read with, which is complete. The next object of its type is read with it.</summary>
    public static void Release(ref PreviewNode? container)
    {
        if ((container is PreviewUnion union ? union.Actual : container) is PreviewObject read)
        {
            read.Clear();
            read.Members.KeepSpare(read);
        }

        container = null;
    }

    private static bool TryOpen(PreviewContracts contracts, PartialJsonElement element, PreviewType type, int depth, [NotNullWhen(true)] out PreviewNode? container)
    {
        container = null;
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            return false;
        }

        container = (type.Form, element.ValueKind) switch
        {
            (PreviewForm.Object, JsonValueKind.Object) when type.Info.PolymorphismOptions is not null => new PreviewUnion(contracts, type),
            (PreviewForm.Object, JsonValueKind.Object) when type.Members is not null => type.Members.TakeSpare() ?? new PreviewObject(contracts, type.Members),
            (PreviewForm.Array or PreviewForm.List or PreviewForm.View, JsonValueKind.Array) when contracts.TryGet(type.ElementType!, out var item) =>
                new PreviewList(contracts, type, item),
            (PreviewForm.Dictionary, JsonValueKind.Object) when contracts.TryGet(type.ElementType!, out var entry) =>
                new PreviewDictionary(contracts, type, entry),
            _ => null,
        };
        if (container is null)
        {
            return false;
        }

        container.Depth = depth;
        return true;
    }

    /// <summary>Reads a value that is complete.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Constructors and converters of the application throw anything; a preview leaves out what they refuse.")]
    public static bool TryDeserialize(PartialJsonElement element, JsonTypeInfo info, out object? value)
    {
        try
        {
            value = element.Deserialize(info);
            return !UnknownEnum.IsSum(info.Type, element);
        }
        catch (Exception)
        {
            value = null;
            return false;
        }
    }
}
