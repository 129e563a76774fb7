using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Streamline;

/// <summary>The values that a chat client's contents hold, as JSON.</summary>
internal static class ChatContentJson
{
    private static readonly JsonElement EmptyObject = JsonElement.Parse("{}");
    private static readonly JsonElement Null = JsonElement.Parse("null");

    /// <summary>Finds the arguments of a call, as its model wrote them where the content still knows.</summary>
    public static JsonElement? ArgumentsOf(FunctionCallContent call, out string text, out string? parseError)
    {
        parseError = call.Exception?.Message;
        text = ContentProperties.TextOf(call, ContentProperties.ArgumentsText) ?? "";
        if (parseError is not null)
        {
            return null;
        }

        if (call.Arguments is null)
        {
            return EmptyObject;
        }

        if (!TrySerialize(call.Arguments, typeof(IDictionary<string, object?>), out var arguments))
        {
            parseError = "The arguments hold a value that has no JSON form.";
            return null;
        }

        text = text.Length > 0 ? text : arguments.GetRawText();
        return arguments;
    }

    /// <summary>The result of a function as JSON; the message of its exception when it failed without one.</summary>
    public static JsonElement ResultOf(FunctionResultContent result) =>
        result.Result is null && result.Exception is { } exception ? FromString(exception.Message)
        : TryToElement(result.Result, out var element) ? element
        : FromString(result.Result!.ToString() ?? "");

    /// <summary>A source in the provider's own form where that is known, or else in the words that the providers share.</summary>
    public static JsonElement ToElement(AIAnnotation annotation)
    {
        if (annotation.RawRepresentation is JsonElement raw)
        {
            return raw;
        }

        var citation = annotation as CitationAnnotation;
        var members = new JsonObject();
        Add("title", citation?.Title);
        Add("url", citation?.Url?.OriginalString);
        Add("file_id", citation?.FileId);
        Add("cited_text", citation?.Snippet);
        return ProviderJson.Parse(members.ToJsonString());

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                members[name] = value;
            }
        }
    }

    /// <summary>Writes a value of any type that the exchange types' own serializer options know.</summary>
    public static bool TryToElement(object? value, out JsonElement element)
    {
        switch (value)
        {
            case null:
                element = Null;
                return true;
            case JsonElement { ValueKind: not JsonValueKind.Undefined } known:
                element = known;
                return true;
            default:
                return TrySerialize(value, value is AIContent ? typeof(AIContent) : value.GetType(), out element);
        }
    }

    private static bool TrySerialize(object value, Type type, out JsonElement element)
    {
        try
        {
            if (AIJsonUtilities.DefaultOptions.TryGetTypeInfo(type, out var typeInfo))
            {
                var buffer = new ArrayBufferWriter<byte>();
                using (var writer = new Utf8JsonWriter(buffer))
                {
                    // The exchange types' options indent, a writer of our own does not.
                    JsonSerializer.Serialize(writer, value, typeInfo);
                }

                element = ProviderJson.Parse(buffer.WrittenSpan);
                return true;
            }
        }
        catch (Exception exception) when (exception is NotSupportedException or JsonException)
        {
            // What the options cannot write has no form in an event.
        }

        element = default;
        return false;
    }

    private static JsonElement FromString(string text) =>
        JsonSerializer.SerializeToElement(text, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(string)));
}
