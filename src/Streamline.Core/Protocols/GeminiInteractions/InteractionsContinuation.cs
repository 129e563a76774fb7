using System.Buffers;

namespace Streamline.Protocols.GeminiInteractions;

/// <summary>Where the stream of an interaction was left.</summary>
internal sealed record InteractionsContinuation
{
    /// <summary>Gets the id of the interaction.</summary>
    public required string InteractionId { get; init; }

    /// <summary>Gets the id of the last event that had one; <see langword="null"/> to begin with the first event.</summary>
    public string? LastEventId { get; init; }

    /// <summary>Gets how many events were decoded since.</summary>
    public int Events { get; init; }

    /// <summary>Gets the length of their texts in bytes.</summary>
    public long Length { get; init; }

    /// <summary>Gets the calls and results that were open, which a new stream must know to continue them.</summary>
    public IReadOnlyList<InteractionsOpenStep> Steps { get; init; } = [];

    /// <summary>Reads a token, which may have been stored as bytes in the meantime.</summary>
    /// <exception cref="ArgumentException">The token is not one of this protocol.</exception>
    public static InteractionsContinuation Read(ResponseContinuationToken token)
    {
        var json = JsonPayload.TryParse(token.ToBytes().Span);
        return json is { } value && value.NonEmptyText("interactionId"u8) is { } id
            ? new InteractionsContinuation
            {
                InteractionId = id,
                LastEventId = value.NonEmptyText("lastEventId"u8),
                Events = (int)Math.Clamp(value.Integer("events"u8) ?? 0, 0, int.MaxValue),
                Length = value.Integer("length"u8) ?? 0,
                Steps = ReadSteps(value),
            }
            : throw new ArgumentException("The continuation token is not one of the Interactions API: found no id of an interaction in it.", nameof(token));
    }

    public ResponseContinuationToken ToToken()
    {
        var output = new ArrayBufferWriter<byte>();
        JsonWriting.WriteObject(output, WriteMembers);
        return ResponseContinuationToken.FromBytes(output.WrittenMemory);
    }

    /// <summary>Gets the path and the query at which the rest of the interaction is found.</summary>
    public (string Path, string Query) ToAddress() => (
        "interactions/" + Uri.EscapeDataString(InteractionId),
        LastEventId is null ? "stream=true" : "stream=true&last_event_id=" + Uri.EscapeDataString(LastEventId));

    private static List<InteractionsOpenStep> ReadSteps(JsonElement value)
    {
        List<InteractionsOpenStep> steps = [];
        foreach (var item in value.Items("steps"u8))
        {
            if (item.Object("step"u8) is { } step)
            {
                steps.Add(new InteractionsOpenStep(step, item.Text("arguments"u8)) { Index = item.Integer("index"u8) });
            }
        }

        return steps;
    }

    private void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("interactionId"u8, InteractionId);
        writer.WriteText("lastEventId"u8, LastEventId);
        if (Events > 0)
        {
            writer.WriteNumber("events"u8, Events);
            writer.WriteNumber("length"u8, Length);
        }

        writer.WriteNonEmptyArray("steps", Steps, Write);
    }

    private static void Write(Utf8JsonWriter writer, InteractionsOpenStep open)
    {
        writer.WriteStartObject();
        writer.WriteCount("index"u8, open.Index);
        writer.WriteMember("step", open.Step);
        writer.WriteText("arguments"u8, open.Arguments);
        writer.WriteEndObject();
    }
}

/// <summary>A step that was open when a stream was left.</summary>
/// <param name="Step">The step as far as it is known, without what has grown.</param>
/// <param name="Arguments">The arguments of a call so far; <see langword="null"/> for a step that is not a call.</param>
internal sealed record InteractionsOpenStep(JsonElement Step, string? Arguments)
{
    /// <summary>Gets the provider's index of the step; <see langword="null"/> where it gave none.</summary>
    public long? Index { get; init; }
}
