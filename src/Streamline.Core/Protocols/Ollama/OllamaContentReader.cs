namespace Streamline.Protocols.Ollama;

/// <summary>Reads the answer in a line: thinking, text, images and tool calls, in this order.</summary>
internal sealed class OllamaContentReader(DecoderOutput output)
{
    // Marks reasoning as this protocol's own, so that it goes back with the conversation.
    private static readonly RawJson Thinking = JsonElement.Parse("""{"type":"thinking"}"""u8);

    private readonly OpenContent _content = new(output, choice: 0);

    public bool HasCalls { get; private set; }

    /// <summary>Gets the index of the open block; <see langword="null"/> when there is none.</summary>
    public int? OpenBlockIndex => _content.Index;

    /// <summary>Tells whether a value is read as text: one text, or the text of parts, as other protocols have it.</summary>
    public static bool IsText(PayloadValue value)
    {
        if (value.IsObject)
        {
            return value.Member("text"u8).IsString && IsTextPart(value);
        }

        foreach (var part in value.Items)
        {
            if (!part.IsString && !IsText(part))
            {
                return false;
            }
        }

        return true;
    }

    public void Read(in Payload payload)
    {
        var root = payload.Root;
        var message = root.Object("message"u8) is { Exists: true } found ? found : root;
        Append(payload, ContentKind.Reasoning, message.Member("thinking"u8), Thinking);
        var text = message.Member("content"u8);
        Append(payload, ContentKind.Text, text.Exists ? text : root.Member("response"u8));
        if (message.Array("images"u8) is { Exists: true } images && !images.IsEmpty())
        {
            _content.AddWhole(ContentKind.Other, ProviderJson.Parse($$"""{"images":{{images.RawText()}}}"""));
        }

        var calls = message.Member("tool_calls"u8);
        if (calls.IsObject)
        {
            ReadCall(payload, calls);
        }

        foreach (var call in calls.Items)
        {
            ReadCall(payload, call);
        }
    }

    /// <summary>Ends what is open at the end of the response.</summary>
    public void Close() => _content.Close();

    private static bool IsTextPart(PayloadValue part) => part.Member("type"u8) is { IsMissing: true } || part.TextEquals("type"u8, "text"u8);

    private void Append(in Payload payload, ContentKind kind, PayloadValue text, RawJson? raw = null)
    {
        if (text.IsObject || text.IsArray)
        {
            AppendParts(payload, kind, text, raw);
        }
        else
        {
            _content.Append(payload, kind, text, raw);
        }
    }

    private void AppendParts(in Payload payload, ContentKind kind, PayloadValue text, RawJson? raw)
    {
        if (!IsText(text))
        {
            return;
        }

        _content.Append(payload, kind, text.Member("text"u8), raw);
        foreach (var part in text.Items)
        {
            Append(payload, kind, part, raw);
        }
    }

    private static string DigitsOf(PayloadValue time)
    {
        Span<char> digits = stackalloc char[64];
        var count = 0;
        foreach (var value in time.IsString ? time.RawBytes : default)
        {
            if (char.IsAsciiDigit((char)value) && count < digits.Length)
            {
                digits[count++] = (char)value;
            }
        }

        return new string(digits[..count]);
    }

    private void ReadCall(in Payload payload, PayloadValue call)
    {
        var function = call.Object("function"u8);
        if (function.NonEmptyText("name"u8) is not { } name)
        {
            output.Emit(new ProviderEvent { Name = "tool_calls", Data = call.RawText() });
            return;
        }

        _content.Close();
        HasCalls = true;

        // The same id for the same response, and another in every response of a conversation.
        output.ResponseId = DigitsOf(payload.Root.Member("created_at"u8));
        WholeToolCall.Emit(output, payload, call.Member("id"u8), name, function.Member("arguments"u8), OllamaToolCall.ProviderData(call));
    }
}
