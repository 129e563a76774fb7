using System.Text.Json;

namespace Streamline.Testing;

/// <summary>A block of a reply that was written by its content, which becomes the events of one block.</summary>
internal abstract record ReplyPart
{
    /// <summary>Arguments come in small pieces, so that a test meets tokens cut in the middle.</summary>
    private const int DefaultArgumentFragment = 8;

    /// <summary>No reader takes arguments that are nested more deeply.</summary>
    private const int MaxArgumentDepth = 512;

    public abstract IEnumerable<StreamEvent> ToEvents(int index, string defaultCallId, int? fragmentLength);

    private static IEnumerable<string> Cut(string text, int? fragmentLength) =>
        fragmentLength is { } length ? TextFragments.OfLength(text, length) : TextFragments.Words(text);

    public sealed record Text(string Value) : ReplyPart
    {
        public override IEnumerable<StreamEvent> ToEvents(int index, string defaultCallId, int? fragmentLength)
        {
            yield return new ContentStarted { Index = index, Kind = ContentKind.Text };
            foreach (var piece in Cut(Value, fragmentLength))
            {
                yield return new TextDelta { Index = index, Text = piece };
            }

            yield return new ContentCompleted { Index = index, Kind = ContentKind.Text };
        }
    }

    public sealed record Reasoning(string Value, string? Signature) : ReplyPart
    {
        public override IEnumerable<StreamEvent> ToEvents(int index, string defaultCallId, int? fragmentLength)
        {
            yield return new ContentStarted { Index = index, Kind = ContentKind.Reasoning };
            foreach (var piece in Cut(Value, fragmentLength))
            {
                yield return new ReasoningDelta { Index = index, Text = piece };
            }

            yield return new ContentCompleted { Index = index, Kind = ContentKind.Reasoning, Signature = Signature };
        }
    }

    public sealed record ToolCall(string Name, string Arguments, string? CallId) : ReplyPart
    {
        public override IEnumerable<StreamEvent> ToEvents(int index, string defaultCallId, int? fragmentLength)
        {
            var callId = CallId ?? defaultCallId;
            yield return new ToolCallStarted { Index = index, CallId = callId, Name = Name };
            foreach (var piece in TextFragments.OfLength(Arguments, fragmentLength ?? DefaultArgumentFragment))
            {
                yield return new ToolInputDelta { Index = index, CallId = callId, Fragment = piece };
            }

            var (arguments, error) = Parse(Arguments);
            yield return new ToolCallCompleted
            {
                Index = index,
                CallId = callId,
                Name = Name,
                ArgumentsText = Arguments,
                Arguments = arguments,
                ParseError = error,
            };
        }

        private static (JsonElement? Arguments, string? Error) Parse(string text)
        {
            try
            {
                using var document = JsonDocument.Parse(text.Length == 0 ? "{}" : text, new JsonDocumentOptions { MaxDepth = MaxArgumentDepth });
                return document.RootElement.ValueKind == JsonValueKind.Object
                    ? (document.RootElement.Clone(), null)
                    : (null, "The arguments are not an object.");
            }
            catch (JsonException exception)
            {
                return (null, exception.Message);
            }
        }
    }
}
