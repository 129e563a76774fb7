using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Streamline.Json;

namespace Streamline.Structured;

/// <summary>A value that grows with the text of an answer.</summary>
internal sealed class StructuredValue<T>(StructuredText text, StructuredRoot root, JsonTypeInfo<T> typeInfo, StructuredOutputOptions? options)
{
    private readonly PreviewContracts _contracts = PreviewContracts.Of(typeInfo.Options, options?.Previews);
    private PreviewBuilder? _previews;
    private int _restarts;

    /// <summary>The preview of the value so far.</summary>
    public object? PreviewValue => new Partial<T>(Snapshot()).Value;

    public PartialState<T> Snapshot()
    {
        if (_previews is null || _restarts != text.Restarts)
        {
            (_previews, _restarts) = (new PreviewBuilder(_contracts, typeof(T)), text.Restarts);
        }

        return new PartialState<T>(typeInfo, _previews, root, text.Document.RootElement, text.Mark, text.Document.Repairs, _restarts);
    }

    /// <summary>Declares the end of the events, and reads the whole value strictly.</summary>
    /// <exception cref="StructuredOutputException">The answer is not the value.</exception>
    public PartialState<T> End()
    {
        if (text.End(() => PreviewValue) is { } fault)
        {
            throw fault;
        }

        var last = Snapshot();
        var value = StructuredValue.Read(root.Find(last.Document), typeInfo, "$", text, () => PreviewValue);
        return last with { Value = new StrongBox<T?>(value) };
    }
}

/// <summary>The strict reading of values that are complete.</summary>
internal static class StructuredValue
{
    /// <summary>Reads a value that is complete, exactly as the serializer does.</summary>
    /// <param name="element">The value.</param>
    /// <param name="typeInfo">Its type.</param>
    /// <param name="place">The place of the value in the answer, as a path from <c>$</c>.</param>
    /// <param name="text">The answer, for the exception.</param>
    /// <param name="partialValue">The value so far, for the exception.</param>
    /// <exception cref="StructuredOutputException">The value is not of the type.</exception>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Constructors and converters of the application throw anything; it is told as the inner exception.")]
    public static T Read<T>(PartialJsonElement element, JsonTypeInfo<T> typeInfo, string place, StructuredText text, Func<object?> partialValue)
    {
        try
        {
            // Null is a value of the type only where the type says so, which the serializer does not ask at the root.
            return element.ValueKind == JsonValueKind.Null && default(T) is null && Nullable.GetUnderlyingType(typeof(T)) is null && typeInfo.Kind != JsonTypeInfoKind.None
                ? throw new JsonException("Found null, expected a value.", "$", lineNumber: null, bytePositionInLine: null)
                : element.Deserialize(typeInfo)!;
        }
        catch (Exception exception)
        {
            var inner = (exception as JsonException)?.Path ?? "$";
            throw new StructuredOutputException(
                StructuredOutputError.InvalidValue,
                $"The answer is not a valid {typeof(T).Name}",
                place + (inner.StartsWith('$') ? inner[1..] : inner),
                exception)
            {
                PartialValue = partialValue(),
                Response = text.Mark.ToResponse(),
            };
        }
    }
}
