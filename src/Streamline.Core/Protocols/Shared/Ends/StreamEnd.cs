namespace Streamline.Protocols.Shared;

/// <summary>The one rule of how a stream ends (laws 4, 5 and 14), the same for every protocol.</summary>
/// <remarks>
/// An error that the stray text states always counts. Otherwise the response is complete when its end is known, whatever ended the bytes; when it is not known, a terminal event or
/// <c>[DONE]</c> completes a response that has begun, and nothing else does.
/// </remarks>
internal readonly ref struct StreamEnd
{
    /// <summary>The code of a body that is one object where a stream of events was expected.</summary>
    public const string NotStreamed = "not_streamed";

    private const int MaxHeartbeat = 128;

    /// <summary>Gets how the bytes ended.</summary>
    public required StreamEnding Ending { get; init; }

    /// <summary>Gets a value indicating whether any part of an answer came.</summary>
    public required bool IsStarted { get; init; }

    /// <summary>Gets a value indicating whether the provider said that the answer is whole: by a finish reason for every answer, or by a terminal event.</summary>
    public required bool IsEndKnown { get; init; }

    /// <summary>Gets the text of the body that made no frame, in UTF-8.</summary>
    public ReadOnlySpan<byte> StrayText { get; init; }

    /// <summary>Gets the bytes of the body so far, for the message of an exception.</summary>
    public required long BytesReceived { get; init; }

    /// <summary>Gets what would have completed the response, for the message of an exception, such as "a finish reason".</summary>
    public required string Missing { get; init; }

    private bool IsComplete => IsEndKnown || (IsStarted && Ending is StreamEnding.Terminal or StreamEnding.Done);

    /// <summary>Tells whether a frame is the text <c>[DONE]</c>, plain or as a JSON string.</summary>
    /// <param name="data">The data of the frame.</param>
    public static bool IsDone(ReadOnlySpan<byte> data)
    {
        if (data.StartsWith((byte)'{'))
        {
            return false;
        }

        data = Trim(data);
        return data.SequenceEqual("[DONE]"u8) || data.SequenceEqual("\"[DONE]\""u8);
    }

    /// <summary>Tells whether a frame only shows that the connection is alive.</summary>
    /// <param name="eventType">The name of the frame; empty when it has none.</param>
    /// <param name="data">The data of the frame.</param>
    public static bool IsHeartbeat(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data)
    {
        // Nearly every frame is an object, and longer than a heartbeat.
        if (data.Length > MaxHeartbeat && data[0] == (byte)'{')
        {
            return false;
        }

        data = Trim(data);
        return data.IsEmpty || data[0] switch
        {
            (byte)'{' => data.Length <= MaxHeartbeat && MayBeHeartbeatObject(data) && IsHeartbeatObject(eventType, data),
            (byte)'"' => IsHeartbeatWord(data[1..].TrimEnd((byte)'"')),
            _ => data.SequenceEqual("null"u8) || IsHeartbeatWord(data),
        };
    }

    /// <summary>Applies the rule.</summary>
    /// <param name="context">What an error is to name.</param>
    /// <exception cref="ProviderException">The stray text is an error.</exception>
    /// <exception cref="StreamInterruptedException">The response is not complete.</exception>
    public void ThrowIfIncomplete(in ErrorContext context)
    {
        if (ReadStrayText() is { } error)
        {
            throw error.ToInBandException(context);
        }

        if (!IsComplete)
        {
            throw new StreamInterruptedException(Describe(), BytesReceived);
        }
    }

    // Once an answer has begun, a stray line that is not an error explains nothing.
    private ProviderError? ReadStrayText()
    {
        if (StrayText.IsEmpty)
        {
            return null;
        }

        return ErrorReader.TryRead(StrayText) ?? (!IsStarted && !IsEndKnown && ErrorReader.IsPage(StrayText) ? ReadPage() : null);
    }

    // An object that is not an error is the whole answer of a server that does not stream.
    private ProviderError ReadPage()
    {
        var page = ErrorReader.Read(StrayText);
        return page.Code is null && Trim(StrayText).StartsWith((byte)'{') ? page.WithCode(NotStreamed) : page;
    }

    private string Describe() => Ending switch
    {
        StreamEnding.Break => $"The connection broke before {Missing}",
        StreamEnding.Done or StreamEnding.Terminal => $"Found the end of the stream before any content, expected {Missing}",
        _ => $"The stream ended without {Missing}",
    };

    // Looks at the first member only, so that a short frame is not parsed twice: all members of a heartbeat are of this kind.
    private static bool MayBeHeartbeatObject(ReadOnlySpan<byte> data)
    {
        data = data[1..].TrimStart(" \t\r\n"u8);
        if (!data.StartsWith((byte)'"') || data[1..].IndexOf((byte)'"') is not (>= 0 and var length))
        {
            return true;
        }

        var name = data.Slice(1, length);
        if (name.SequenceEqual("type"u8) || name.SequenceEqual("event"u8) || name.SequenceEqual("object"u8))
        {
            var value = data[(length + 2)..].TrimStart(": \t\r\n"u8);
            var end = value.StartsWith((byte)'"') ? value[1..].IndexOf((byte)'"') : -1;
            return end >= 0 && (IsHeartbeatWord(value.Slice(1, end)) || value.Slice(1, end).Contains((byte)'\\'));
        }

        return IsTime(name) || name.Contains((byte)'\\');
    }

    private static bool IsHeartbeatObject(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data)
    {
        _ = Payload.TryParse(data, out var payload);
        using (payload)
        {
            // Under the name of an event of the protocol, an empty object may be that event.
            var isUnnamed = eventType.IsEmpty || eventType.SequenceEqual("message"u8);
            return payload.Root.IsObject && IsHeartbeatObject(payload.Root, IsHeartbeatWord(eventType), isUnnamed);
        }
    }

    private static bool IsHeartbeatObject(PayloadValue root, bool isNamed, bool isUnnamed)
    {
        var isEmpty = true;
        foreach (var member in root.Members)
        {
            isEmpty = false;
            if (member.Value.IsString && (member.NameEquals("type"u8) || member.NameEquals("event"u8) || member.NameEquals("object"u8)))
            {
                if (!IsHeartbeatWord(member.Value.RawBytes[1..^1]))
                {
                    return false;
                }

                isNamed = true;
            }
            else if (!IsTime(member))
            {
                return false;
            }
        }

        return isNamed || (isEmpty && isUnnamed);
    }

    private static bool IsTime(PayloadMember member) =>
        member.Value.Kind is JsonValueKind.Number or JsonValueKind.String or JsonValueKind.Null
        && IsTime(member.Utf8Name);

    private static bool IsTime(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("timestamp"u8) || name.SequenceEqual("time"u8) || name.SequenceEqual("ts"u8) || name.SequenceEqual("created_at"u8) || name.SequenceEqual("sequence_number"u8);

    private static bool IsHeartbeatWord(ReadOnlySpan<byte> word)
    {
        switch (word.Length)
        {
            case 4:
                return Ascii.EqualsIgnoreCase(word, "ping"u8) || Ascii.EqualsIgnoreCase(word, "pong"u8);
            case 9:
                return Ascii.EqualsIgnoreCase(word, "heartbeat"u8) || Ascii.EqualsIgnoreCase(word, "keepalive"u8);
            case 10:
                return Ascii.EqualsIgnoreCase(word, "keep-alive"u8) || Ascii.EqualsIgnoreCase(word, "keep_alive"u8);
            default:
                return false;
        }
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> data) => data.Trim(" \t\r\n"u8);
}

/// <summary>How the bytes of a stream came to their end.</summary>
internal enum StreamEnding
{
    /// <summary>The terminal event of the protocol.</summary>
    Terminal,

    /// <summary>The text <c>[DONE]</c>, which also servers of protocols send that have a terminal event of their own.</summary>
    Done,

    /// <summary>The proper end of the body.</summary>
    Body,

    /// <summary>A broken connection.</summary>
    Break,
}
