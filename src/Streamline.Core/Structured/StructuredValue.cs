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
    private StructuredPlace _place = new(root);
    private int _restarts;

    /// <summary>Finds the value in the document so far.</summary>
    public StructuredPlace Place => _place;

    /// <summary>The preview of the value so far.</summary>
    public object? PreviewValue => new Partial<T>(Snapshot()).Value;

    public PartialState<T> Snapshot()
    {
        if (_previews is null || _restarts != text.Restarts)
        {
            _place = _previews is null ? _place : new StructuredPlace(root);
            (_previews, _restarts) = (new PreviewBuilder(_contracts, typeof(T)), text.Restarts);
        }

        return new PartialState<T>(typeInfo, _previews, _place, text.Document.RootElement, text.Mark, text.Document.Repairs, _restarts);
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
        var element = _place.Find(last.Document);
        var value = StructuredValue.Read(element, typeInfo, "$", text, () => PreviewValue);
        var duplicate = _place.IsTwice(last.Document, out var name) ? JsonPath.Of("$", name) : DuplicateMembers.Check.Find(element, typeInfo, "$");
        return duplicate is null ? last with { Value = new StrongBox<T?>(value) } : throw StructuredValue.IsDuplicate(duplicate, text, PreviewValue);
    }
}

/// <summary>The strict reading of values that are complete.</summary>
internal static class StructuredValue
{
    /// <summary>Makes the fault of a member that an answer has twice: the first was shown as complete, and only one can count.</summary>
    /// <param name="path">The place of the second.</param>
    /// <param name="text">The answer.</param>
    /// <param name="partialValue">The value so far.</param>
    public static StructuredOutputException IsDuplicate(string path, StructuredText text, object? partialValue) =>
        new(StructuredOutputError.InvalidValue, "The answer has a member twice, expected it once", path) { PartialValue = partialValue, Response = text.Mark.ToResponse() };

    /// <summary>Reads a value that is complete, as the serializer does, and makes sure that it has all members that its type needs.</summary>
    /// <param name="element">The value.</param>
    /// <param name="typeInfo">Its type.</param>
    /// <param name="place">The place of the value in the answer, as a path from <c>$</c>.</param>
    /// <param name="text">The answer, for the exception.</param>
    /// <param name="partialValue">The value so far, for the exception.</param>
    /// <exception cref="StructuredOutputException">The value is not of the type.</exception>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Constructors and converters of the application throw anything; it is told as the inner exception.")]
    public static T Read<T>(PartialJsonElement element, JsonTypeInfo<T> typeInfo, string place, StructuredText text, Func<object?> partialValue)
    {
        if (MissingMembers.Check.Find(element, typeInfo, place) is { } missing)
        {
            throw new StructuredOutputException(StructuredOutputError.InvalidValue, "The answer lacks a member that the type needs", missing) { PartialValue = partialValue(), Response = text.Mark.ToResponse() };
        }

        try
        {
            // Null is a value of the type only where the type says so, which the serializer does not ask at the root.
            return element.ValueKind == JsonValueKind.Null && default(T) is null && Nullable.GetUnderlyingType(typeof(T)) is null && typeInfo.Kind != JsonTypeInfoKind.None
                ? throw new JsonException("A value is expected.", "$", lineNumber: null, bytePositionInLine: null)
                : element.Deserialize(typeInfo)!;
        }
        catch (Exception exception)
        {
            var inner = (exception as JsonException)?.Path ?? "$";
            throw new StructuredOutputException(
                StructuredOutputError.InvalidValue,
                $"The answer is not a valid {typeof(T).Name}: found {Describe(JsonPath.Find(element, inner))}. {Reason(exception)}",
                place + (inner.StartsWith('$') ? inner[1..] : inner),
                exception)
            {
                PartialValue = partialValue(),
                Response = text.Mark.ToResponse(),
            };
        }
    }

    private static string Describe(PartialJsonElement found) => found.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => $"the string {AnswerExcerpt.Of(found.GetRawText())}",
        JsonValueKind.Number => $"the number {AnswerExcerpt.Of(found.GetRawText())}",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Null => "null",
        _ => "nothing there",
    };

    // The serializer says what it expected, and then the path, which follows anyway.
    private static string Reason(Exception exception) => exception is JsonException { Message: var message }
        ? (message.IndexOf(" Path: ", StringComparison.Ordinal) is >= 0 and var end ? message[..end] : message).TrimEnd('.')
        : exception.Message.TrimEnd('.');
}
