using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace Streamline.Tools;

/// <summary>A session as JSON: <c>version</c>, <c>turns</c>, <c>usage</c>, <c>messages</c> and <c>pending</c>, with messages in the form of Microsoft.Extensions.AI.</summary>
internal sealed record SavedSession(int Turns, UsageDetails Usage, IReadOnlyList<ChatMessage> Messages, IReadOnlyList<(SessionMessageKind Kind, ChatMessage Message)> Pending)
{
    private const int Version = 1;

    public static string Write(SessionSnapshot snapshot)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            json.WriteNumber("turns", snapshot.Turn);
            json.WritePropertyName("usage");
            JsonSerializer.Serialize(json, snapshot.Usage, TypeOf<UsageDetails>());
            json.WriteStartArray("messages");
            foreach (var message in snapshot.Messages)
            {
                JsonSerializer.Serialize(json, message, TypeOf<ChatMessage>());
            }

            json.WriteEndArray();
            json.WriteStartArray("pending");
            foreach (var pending in snapshot.Pending)
            {
                json.WriteStartObject();
                json.WriteString("kind", pending.Kind.ToString());
                json.WritePropertyName("message");
                JsonSerializer.Serialize(json, pending.Message, TypeOf<ChatMessage>());
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <exception cref="JsonException">The text is not a saved session of this version.</exception>
    public static SavedSession Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            if (Member(root, "version").GetInt32() is var version and not Version)
            {
                throw new JsonException($"The saved session has version {version}, expected {Version}.");
            }

            return new SavedSession(
                TurnsOf(Member(root, "turns").GetInt32()),
                Member(root, "usage").Deserialize(TypeOf<UsageDetails>()) ?? new UsageDetails(),
                [.. Member(root, "messages").EnumerateArray().Select(MessageOf)],
                [.. Member(root, "pending").EnumerateArray().Select(pending => (KindOf(Member(pending, "kind")), MessageOf(Member(pending, "message"))))]);
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException or ArgumentException or JsonException { LineNumber: not null })
        {
            throw new JsonException($"The text is not a saved session: {exception.Message}", exception);
        }
    }

    private static JsonElement Member(JsonElement json, string name) => json.ValueKind != JsonValueKind.Object
        ? throw new JsonException($"The text is not a saved session: found a value of kind {json.ValueKind}, expected an object with the member '{name}'.")
        : json.TryGetProperty(name, out var member) ? member : throw new JsonException($"The text is not a saved session: it has no member '{name}'.");

    private static int TurnsOf(int turns) => turns >= 0 ? turns : throw new JsonException($"The saved session has {turns} turns, expected 0 or more.");

    private static SessionMessageKind KindOf(JsonElement json) =>
        Enum.GetValues<SessionMessageKind>().Where(kind => json.ValueEquals(kind.ToString())).Select(kind => (SessionMessageKind?)kind).FirstOrDefault()
        ?? throw new JsonException($"A message of the saved session has the kind {json.GetRawText()}, which is unknown.");

    private static ChatMessage MessageOf(JsonElement json) => json.Deserialize(TypeOf<ChatMessage>()) ?? throw new JsonException("A message of the saved session is null.");

    private static JsonTypeInfo<T> TypeOf<T>() => (JsonTypeInfo<T>)AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(T));
}
