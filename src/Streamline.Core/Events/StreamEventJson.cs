using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;

namespace Streamline;

/// <summary>Writes and reads the stable JSON form of events: one object with a <c>type</c>, the same for a browser, a journal and a replay.</summary>
/// <remarks>
/// All members are thread-safe and need no reflection. Times are numbers of milliseconds; members without a value are left out. The text that
/// <see cref="Serialize"/> returns is safe in HTML, also within a script or an attribute: letters of every language are written as they are, but quotes and
/// apostrophes within strings, <c>&lt;</c>, <c>&gt;</c>, <c>&amp;</c>, <c>+</c>, <c>`</c>, line separators and what lies beyond the Basic Multilingual Plane are escaped.
/// </remarks>
public static class StreamEventJson
{
    private static readonly JsonTypeInfo<StreamEvent> EventInfo = new StreamEventJsonContext(
        new JsonSerializerOptions(StreamEventJsonContext.Default.Options) { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All), MaxDepth = ProviderJson.MaxDepth }).StreamEvent;

    // The known types, each with its members that are of several types themselves, and the names of those.
    private static readonly Dictionary<string, (string Member, HashSet<string> Types)[]> KnownTypes = EventInfo.PolymorphismOptions!.DerivedTypes
        .ToDictionary(derived => (string)derived.TypeDiscriminator!, derived => PartsOf(derived.DerivedType), StringComparer.Ordinal);

    /// <summary>Writes an event as JSON text.</summary>
    /// <param name="streamEvent">The event.</param>
    /// <returns>The JSON text, on one line.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="streamEvent"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">A JSON value of the event, such as <see cref="ToolResult.Result"/>, is undefined.</exception>
    public static string Serialize(StreamEvent streamEvent)
    {
        ArgumentNullException.ThrowIfNull(streamEvent);
        try
        {
            return JsonSerializer.Serialize(streamEvent, EventInfo);
        }
        catch (InvalidOperationException exception)
        {
            throw UndefinedValue(streamEvent, exception);
        }
    }

    /// <summary>Writes an event as a JSON value.</summary>
    /// <param name="writer">The writer, which must be at a place where a value is allowed. Its own encoder decides what is escaped.</param>
    /// <param name="streamEvent">The event.</param>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">A JSON value of the event, such as <see cref="ToolResult.Result"/>, is undefined.</exception>
    /// <exception cref="InvalidOperationException">A value is not allowed where the writer is.</exception>
    public static void Write(Utf8JsonWriter writer, StreamEvent streamEvent)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(streamEvent);
        try
        {
            JsonSerializer.Serialize(writer, streamEvent, EventInfo);
        }
        catch (InvalidOperationException exception) when (HasUndefinedValue(streamEvent))
        {
            throw UndefinedValue(streamEvent, exception);
        }
    }

    /// <summary>Reads an event from JSON text.</summary>
    /// <param name="json">The JSON text of one event.</param>
    /// <returns>The event; a <see cref="ProviderEvent"/> with the whole text when its <c>type</c> is unknown, or a value that has no <c>other</c>, as a later version may have written it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is <see langword="null"/>.</exception>
    /// <exception cref="JsonException">The text is not the JSON form of an event.</exception>
    public static StreamEvent Deserialize(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return Deserialize(Encoding.UTF8.GetBytes(json));
    }

    /// <summary>Reads an event from UTF-8 JSON text.</summary>
    /// <param name="utf8Json">The JSON text of one event.</param>
    /// <returns>The event; a <see cref="ProviderEvent"/> with the whole text when its <c>type</c> is unknown, or a value that has no <c>other</c>, as a later version may have written it.</returns>
    /// <exception cref="JsonException">The text is not the JSON form of an event.</exception>
    public static StreamEvent Deserialize(ReadOnlySpan<byte> utf8Json)
    {
        var reader = new Utf8JsonReader(utf8Json, new JsonReaderOptions { MaxDepth = ProviderJson.MaxDepth });
        using var document = JsonDocument.ParseValue(ref reader);
        if (reader.BytesConsumed != utf8Json.Length && !utf8Json[(int)reader.BytesConsumed..].Trim(" \t\r\n"u8).IsEmpty)
        {
            throw new JsonException($"Expected one event; found more text at byte {reader.BytesConsumed}.");
        }

        if (document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("type"u8, out var type)
            || type.ValueKind != JsonValueKind.String)
        {
            throw new JsonException("Expected an object with a member 'type' that is a string.");
        }

        var name = NameOf(type);
        if (KnownTypes.TryGetValue(name, out var parts) && !Array.Exists(parts, part => IsUnknown(document.RootElement, part.Member, part.Types)))
        {
            try
            {
                return document.RootElement.Deserialize(EventInfo)!;
            }
            catch (UnknownNameException)
            {
                // Written by a later version, like an unknown type.
            }
            catch (NotSupportedException exception)
            {
                throw new JsonException($"A part of the event '{name}' does not say of which type it is.", exception);
            }
        }

        return new ProviderEvent { Name = name, Data = Encoding.UTF8.GetString(utf8Json) };
    }

    private static (string Member, HashSet<string> Types)[] PartsOf(Type type) =>
    [
        .. from property in EventInfo.Options.GetTypeInfo(type).Properties
           let types = EventInfo.Options.GetTypeInfo(property.PropertyType).PolymorphismOptions
           where types is not null
           select (property.Name, types.DerivedTypes.Select(derived => (string)derived.TypeDiscriminator!).ToHashSet(StringComparer.Ordinal)),
    ];

    private static bool IsUnknown(JsonElement streamEvent, string member, HashSet<string> types) =>
        streamEvent.TryGetProperty(member, out var part)
            && part.ValueKind == JsonValueKind.Object
            && part.TryGetProperty("type"u8, out var type)
            && type.ValueKind == JsonValueKind.String
            && !types.Contains(NameOf(type));

    private static string NameOf(JsonElement type)
    {
        try
        {
            return type.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            throw new JsonException("The member 'type' holds half of a surrogate pair.", exception);
        }
    }

    private static bool HasUndefinedValue(StreamEvent streamEvent) => streamEvent switch
    {
        ToolResult result => result.Result.ValueKind == JsonValueKind.Undefined,
        ToolProgress progress => progress.Progress.ValueKind == JsonValueKind.Undefined,
        ApprovalRequested approval => approval.Arguments.ValueKind == JsonValueKind.Undefined,
        _ => false,
    };

    private static ArgumentException UndefinedValue(StreamEvent streamEvent, InvalidOperationException exception) =>
        new($"Expected an event whose JSON values are defined; found a {streamEvent.GetType().Name} with an undefined one.", nameof(streamEvent), exception);
}
