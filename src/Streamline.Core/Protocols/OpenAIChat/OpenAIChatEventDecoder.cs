using System.Text;
using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIChat;

/// <summary>Decodes the chunks of Chat Completions, from OpenAI and from every server that is compatible with it.</summary>
/// <remarks>
/// The wire has neither blocks nor an end of a tool call. A block goes on until one of another kind begins; only a finish reason, or
/// a proper end of the whole, seals the calls.
/// </remarks>
internal sealed class OpenAIChatEventDecoder : StreamEventDecoder
{
    private static readonly byte[][] ChunkMembers =
        [.. new[] { "id", "object", "created", "model", "choices", "usage", "error", "obfuscation" }.Select(Encoding.UTF8.GetBytes)];

    private readonly string? _requestId;
    private readonly string _provider;
    private readonly bool _predicts;
    private readonly DecoderOutput _output;
    private readonly OpenAIChatMetadata _metadata;
    private readonly OpenAIChatDeltaReader _deltas;
    private readonly SortedDictionary<int, OpenAIChatChoice> _choices = [];
    private readonly DeltaTemplate _template = new();
    private GrowingText? _predicted;
    private JsonElement? _held;
    private TokenUsage? _usage;
    private bool _isStarted;

    /// <summary>Initializes a new instance of the <see cref="OpenAIChatEventDecoder"/> class.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="requestId">The provider's id of the HTTP request, if it gave one.</param>
    /// <param name="predicts">Whether deltas are predicted; without, every payload is parsed.</param>
    /// <param name="provider">The name of the provider.</param>
    public OpenAIChatEventDecoder(StreamReadOptions options, string? requestId, bool predicts = true, string provider = OpenAIChatProtocol.WireName)
    {
        _provider = provider;
        _requestId = requestId;
        _predicts = predicts;
        _output = new DecoderOutput(options, Emit);
        _metadata = new OpenAIChatMetadata(_output);
        _deltas = new OpenAIChatDeltaReader(_metadata);
    }

    /// <inheritdoc/>
    public override void Decode(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data, long byteOffset)
    {
        if (_predicted is not null
            && !eventType.SequenceEqual("error"u8)
            && _template.TryMatch(data, out var text)
            && text.Length > 0
            && _predicted.TryAppend(text.In(data), text.IsEscaped))
        {
            return;
        }

        _predicted = null;
        var trimmed = data.Trim(" \t\r\n"u8);
        if (trimmed.SequenceEqual("[DONE]"u8))
        {
            End();
        }
        else if (!trimmed.IsEmpty)
        {
            DecodePayload(eventType, data, byteOffset);
        }
    }

    /// <inheritdoc/>
    public override void Complete(long bytesReceived, ReadOnlySpan<byte> unrecognizedText)
    {
        if (IsEnded)
        {
            return;
        }

        if (_choices.Count > 0 && _choices.Values.All(choice => choice.FinishReason is not null))
        {
            End();
            return;
        }

        if ((OpenAIChatErrorReader.TryRead(unrecognizedText) ?? ReadPage(unrecognizedText)) is { } error)
        {
            throw ToException(error);
        }

        throw new StreamInterruptedException("The stream ended without a finish reason and without [DONE]", bytesReceived);
    }

    // Once chunks have come, a stray line explains nothing.
    private OpenAIChatError? ReadPage(ReadOnlySpan<byte> text) =>
        !_isStarted && _held is null && UnrecognizedText.IsPage(text) ? OpenAIChatErrorReader.Read(text) : null;

    private void DecodePayload(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data, long byteOffset)
    {
        if (eventType.SequenceEqual("error"u8))
        {
            throw ToException(OpenAIChatErrorReader.Read(data));
        }

        if (IsOtherEvent(eventType) && JsonPayload.TryParse(data) is null)
        {
            _output.Emit(new ProviderEvent { Name = Encoding.UTF8.GetString(eventType), Data = Encoding.UTF8.GetString(data) });
            return;
        }

        var payload = new ParsedPayload(data, "a chunk", byteOffset);
        if (OpenAIChatErrorReader.ReadPayload(payload.Root) is { } error)
        {
            throw ToException(error);
        }

        if (!IsChunk(payload.Root))
        {
            EmitUnknown(eventType, payload.Root);
            return;
        }

        var eventsBefore = _output.EventCount;
        _output.ClearGrown();
        DecodeChunk(payload);
        Learn(payload, _output.EventCount - eventsBefore);
    }

    private void DecodeChunk(in ParsedPayload payload)
    {
        var root = payload.Root;
        if (!_isStarted && !TryStart(root))
        {
            return;
        }

        ReportMembers(root);
        foreach (var choice in root.Items("choices"u8))
        {
            DecodeChoice(payload, choice);
        }

        ReportUsage(root);
    }

    // Azure's first chunk has neither id nor model nor choices. It waits for the next, which has.
    private bool TryStart(JsonElement root)
    {
        var id = root.NonEmptyText("id"u8);
        var model = root.NonEmptyText("model"u8);
        if (id is null && model is null && _held is null && !root.Items("choices"u8).Any() && root.Member("usage"u8) is null)
        {
            _held = root;
            return false;
        }

        Start(id, model);
        return true;
    }

    private void Start(string? id, string? model)
    {
        _isStarted = true;
        _output.ResponseId = id;
        _output.Emit(new ResponseStarted
        {
            Provider = _provider,
            Wire = _provider == OpenAIChatProtocol.WireName ? null : OpenAIChatProtocol.WireName,
            ResponseId = id,
            Model = model,
            RequestId = _requestId,
        });
        if (_held is { } held)
        {
            ReportMembers(held);
            _held = null;
        }
    }

    private void ReportMembers(JsonElement root)
    {
        foreach (var member in root.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.Null && !member.IsOneOf(ChunkMembers))
            {
                _metadata.Report(member.Name, member.Value);
            }
        }
    }

    private void DecodeChoice(in ParsedPayload payload, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        var number = element.Integer("index"u8) is >= 0 and <= int.MaxValue and var index ? (int)index : 0;
        if (!_choices.TryGetValue(number, out var choice))
        {
            _choices.Add(number, choice = NewChoice(number));
        }

        _deltas.Read(payload, element, choice);
        var reason = element.NonEmptyText("finish_reason"u8);
        if (reason is OpenAIChatFinishReasons.Error or OpenAIChatFinishReasons.InsufficientResource)
        {
            var error = OpenAIChatErrorReader.ReadPayload(element) ?? new OpenAIChatError { Code = reason, Status = OpenAIChatErrorCodes.ToStatus(reason) };
            throw ToException(error);
        }

        if (reason is not null)
        {
            choice.Finish(reason);
            ReportFinish(number, element.GetProperty("finish_reason"u8));
        }
    }

    private OpenAIChatChoice NewChoice(int number)
    {
        var limit = _output.Options.MaxOpenBlocks;
        return _choices.Count < limit
            ? new OpenAIChatChoice(_output, number)
            : throw new StreamLimitException(nameof(StreamReadOptions.MaxOpenBlocks), limit, _choices.Count + 1L);
    }

    // The reason of the first answer is that of the response.
    private void ReportFinish(int number, JsonElement reason)
    {
        if (number > 0)
        {
            _metadata.Report(OpenAIChatMetadataNames.Qualify("finish_reason", number), reason);
        }
    }

    private void ReportUsage(JsonElement root)
    {
        if ((root.Object("usage"u8) ?? root.Object("x_groq"u8)?.Object("usage"u8)) is not { } report)
        {
            return;
        }

        var usage = OpenAIChatUsage.Read(report);
        if (!usage.Equals(_usage))
        {
            _usage = usage;
            _output.Emit(new UsageUpdated { Usage = usage });
        }

        if (OpenAIChatUsage.HasMoreThanCounts(report))
        {
            _metadata.Report("usage", report);
        }
    }

    private void End()
    {
        if (!_isStarted)
        {
            Start(id: null, model: null);
        }

        foreach (var choice in _choices.Values)
        {
            choice.Finish(reason: null);
        }

        var first = _choices.Values.FirstOrDefault();
        _output.Emit(new ResponseCompleted
        {
            FinishReason = OpenAIChatFinishReasons.Read(first?.FinishReason, first?.HasCalls ?? false, first?.HasRefusal ?? false),
            RawFinishReason = first?.FinishReason,
            Usage = _usage,
        });
        IsEnded = true;
    }

    // A chunk that made one delta and nothing else will, but for the delta's text, make the same again.
    private void Learn(in ParsedPayload payload, long events)
    {
        if (_predicts && events == 1 && _output.Grown is { } grown)
        {
            var obfuscation = payload.Find(payload.Root.Member("obfuscation"u8));
            _template.Learn(payload.Bytes, _output.GrownBy, obfuscation.Exists ? [obfuscation] : []);
            _predicted = grown;
        }
    }

    private ProviderException ToException(OpenAIChatError error) => (error with { Provider = _provider }).ToInBandException(_requestId);

    private static bool IsOtherEvent(ReadOnlySpan<byte> eventType) => !eventType.IsEmpty && !eventType.SequenceEqual("message"u8);

    private static bool IsChunk(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object
        && (root.TryGetProperty("choices"u8, out _) || root.TryGetProperty("usage"u8, out _) || root.TextEquals("object"u8, "chat.completion.chunk"u8));

    private void EmitUnknown(ReadOnlySpan<byte> eventType, JsonElement root)
    {
        var name = IsOtherEvent(eventType)
            ? Encoding.UTF8.GetString(eventType)
            : root.NonEmptyText("type"u8) ?? root.NonEmptyText("object"u8) ?? "message";
        _output.Emit(new ProviderEvent { Name = name, Data = root.RawText() });
    }
}
