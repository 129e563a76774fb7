using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Streamline.Json;

namespace Streamline;

/// <summary>The strict reading of values that are complete.</summary>
internal static class StructuredValue
{
    /// <summary>Reads a value that is complete, exactly as the serializer does.</summary>
    /// <param name="element">The value.</param>
    /// <param name="typeInfo">Its type.</param>
    /// <param name="place">The place of the value in the answer, as a path from <c>$</c>.</param>
    /// <param name="partialValue">The value so far, for the exception.</param>
    /// <exception cref="StructuredOutputException">The value is not of the type.</exception>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Constructors and converters of the application throw anything; it is told as the inner exception.")]
    public static T Read<T>(PartialJsonElement element, JsonTypeInfo<T> typeInfo, string place, Func<object?> partialValue)
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
            };
        }
    }
}
