using System.Globalization;
using System.Text.Json;
using Streamline.Protocols.OpenAIChat;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Ollama;

/// <summary>Decodes the lines of <c>/api/chat</c>, and of <c>/api/generate</c>, which differ in where the text stands.</summary>
/// <remarks>Thinking and text are deltas; a tool call is always whole, and sealed when it comes.</remarks>
internal sealed class OllamaEventDecoder : StreamEventDecoder
{
    /// <summary>What marks reasoning as this wire's own, so that it goes back with the conversation.</summary>
    private static readonly JsonElement Thinking = JsonElement.Parse("""{"type":"thinking"}"""u8);

    private readonly string? _requestId;
    private readonly DecoderOutput _output;
    private readonly OpenAIChatMetadata _metadata;
    private readonly OpenContent _content;
    private readonly SingleDeltaTemplate _template = new();
    private GrowingText? _predicted;
    private bool _isStarted;
    private bool _hasCalls;

    public OllamaEventDecoder(StreamReadOptions options, string? requestId)
    {
        _requestId = requestId;
        _output = new DecoderOutput(options, Emit);
        _metadata = new OpenAIChatMetadata(_output);
        _content = new OpenContent(_output, choice: 0);
    }

    public override void Decode(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data, long byteOffset)
    {
        if (_predicted is null || !_template.TryMatch(data, out var text) || text.Length == 0 || !_predicted.TryAppend(text.In(data), text.IsEscaped))
        {
            _predicted = null;
            ThrowIfPage(data);
            DecodeLine(new ParsedPayload(data, "a line", byteOffset), byteOffset);
        }
    }

    public override void Complete(long bytesReceived, ReadOnlySpan<byte> unrecognizedText)
    {
        if (!IsEnded)
        {
            ThrowIfPage(unrecognizedText);
            throw new StreamInterruptedException("The stream ended without a line that says it is done", bytesReceived);
        }
    }

    // The page of a proxy, which no JSON begins like.
    private void ThrowIfPage(ReadOnlySpan<byte> text)
    {
        if (!_isStarted && text.TrimStart(" \t\r\n"u8).StartsWith("<"u8))
        {
            throw new ProviderException(OllamaProtocol.WireName, statusCode: null, code: null, ErrorExcerpt.Of(text)) { RequestId = _requestId, IsInBand = true };
        }
    }

    private void DecodeLine(in ParsedPayload payload, long byteOffset)
    {
        var root = payload.Root;
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw JsonPayload.Invalid($"a line of kind {root.ValueKind}", "an object", byteOffset);
        }

        if (OllamaErrors.ReadInBand(root, _requestId) is { } error)
        {
            throw error;
        }

        var isDone = root.Member("done"u8)?.ValueKind == JsonValueKind.True;
        if (!isDone && root.Object("message"u8) is null && root.Member("response"u8) is null)
        {
            _output.Emit(new ProviderEvent { Name = root.NonEmptyText("status"u8) ?? "line", Data = root.RawText() });
            return;
        }

        var eventsBefore = _output.EventCount;
        _output.ClearGrown();
        Start(root);
        DecodeContent(payload);
        ReportMembers(root);
        Learn(payload, _output.EventCount - eventsBefore);
        if (isDone)
        {
            End(root);
        }
    }

    private void Start(JsonElement root)
    {
        if (_isStarted)
        {
            return;
        }

        _isStarted = true;
        _output.Emit(new ResponseStarted { Provider = OllamaProtocol.WireName, Model = root.NonEmptyText("model"u8), RequestId = _requestId });
    }

    private void DecodeContent(in ParsedPayload payload)
    {
        var root = payload.Root;
        var message = root.Object("message"u8) ?? root;
        _content.Append(payload, ContentKind.Reasoning, message.Member("thinking"u8), Thinking);
        _content.Append(payload, ContentKind.Text, message.Member("content"u8) ?? root.Member("response"u8));
        if (message.Items("images"u8).Any())
        {
            _content.AddWhole(ContentKind.Other, WireJson.Parse($$"""{"images":{{message.GetProperty("images"u8).RawText()}}}"""));
        }

        foreach (var call in message.Items("tool_calls"u8))
        {
            DecodeCall(payload, call);
        }
    }

    private void DecodeCall(in ParsedPayload payload, JsonElement call)
    {
        var function = call.Object("function"u8) ?? default;
        if (function.NonEmptyText("name"u8) is not { } name)
        {
            _output.Emit(new ProviderEvent { Name = "tool_calls", Data = call.RawText() });
            return;
        }

        _content.Close();
        _hasCalls = true;
        var index = _output.NextIndex();
        var started = new ToolCallStarted
        {
            Index = index,
            CallId = call.NonEmptyText("id"u8) ?? MakeId(payload.Root, index),
            Name = name,
            ProviderData = OllamaToolCall.ProviderData(call),
        };
        WholeToolCall.Emit(_output, payload, started, function.Member("arguments"u8));
    }

    // The same for the same response, and another in every response of a conversation.
    private static string MakeId(JsonElement root, int index)
    {
        var time = string.Concat((root.Text("created_at"u8) ?? "").Where(char.IsAsciiDigit));
        return string.Create(CultureInfo.InvariantCulture, $"call_{time}_{index}");
    }

    private void ReportMembers(JsonElement root)
    {
        foreach (var member in root.EnumerateObject())
        {
            if (member.Name == "logprobs")
            {
                if (!member.Value.IsEmpty())
                {
                    _metadata.Pass(member.Name, member.Value, _content.Index);
                }
            }
            else if (!OllamaUsage.Includes(member.Name)
                && member.Name is not ("model" or "created_at" or "message" or "response" or "thinking" or "images" or "tool_calls" or "done" or "done_reason" or "error"))
            {
                _metadata.Report(member.Name, member.Value);
            }
        }

        if (root.Object("message"u8) is not { } message)
        {
            return;
        }

        foreach (var member in message.EnumerateObject().Where(member => member.Name is not ("content" or "thinking" or "images" or "tool_calls")))
        {
            if (member.Name != "role" || member.Value.ValueKind != JsonValueKind.String || !member.Value.ValueEquals("assistant"u8))
            {
                _metadata.Report(OllamaMetadata.MessagePrefix + member.Name, member.Value);
            }
        }
    }

    // A line that made one delta and nothing else will, but for the delta's text and the time, make the same again.
    private void Learn(in ParsedPayload payload, long events)
    {
        if (events == 1 && _output.Grown is { } grown)
        {
            var time = payload.Find(payload.Root.Member("created_at"u8));
            _template.Learn(payload.Bytes, _output.GrownBy, time.Exists ? [time] : []);
            _predicted = grown;
        }
    }

    private void End(JsonElement root)
    {
        _content.Close();
        var usage = OllamaUsage.Read(root);
        if (usage is not null)
        {
            _output.Emit(new UsageUpdated { Usage = usage });
        }

        var reason = root.NonEmptyText("done_reason"u8);
        _output.Emit(new ResponseCompleted { FinishReason = OllamaFinishReasons.Read(reason, _hasCalls), RawFinishReason = reason, Usage = usage });
        IsEnded = true;
    }
}
