using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols.OpenAIChat;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIResponses;

/// <summary>Decodes the events of the Responses API: what they say of the response. Items are decoded in the other part.</summary>
internal sealed partial class OpenAIResponsesEventDecoder : StreamEventDecoder
{
    // What a response repeats of its request, and what has events of its own.
    private static readonly HashSet<string> KnownMembers = new(StringComparer.Ordinal)
    {
        "id", "object", "created_at", "completed_at", "status", "error", "incomplete_details", "model", "output", "output_text", "usage",
        "background", "frequency_penalty", "include", "instructions", "max_output_tokens", "max_tool_calls", "metadata", "parallel_tool_calls",
        "presence_penalty", "previous_response_id", "prompt", "prompt_cache_key", "prompt_cache_retention", "reasoning", "safety_identifier", "store",
        "stream", "temperature", "text", "tool_choice", "tools", "top_logprobs", "top_p", "truncation", "user",
    };

    // What events are known to say of themselves.
    private static readonly HashSet<string> KnownEventMembers = new(StringComparer.Ordinal)
    {
        "type", "sequence_number", "output_index", "content_index", "summary_index", "command_index", "annotation_index", "item_id", "item", "part", "delta", "text", "refusal",
        "annotation", "logprobs", "arguments", "input", "name", "code", "response", "obfuscation", "status", "response_id",
    };

    private readonly string? _requestId;
    private readonly DecoderOutput _output;
    private readonly OpenAIChatMetadata _metadata;
    private readonly bool _predicts;
    private readonly DeltaTemplate _template = new();
    private GrowingText? _predicted;
    private bool _isStarted;
    private bool _isWhole;
    private bool _isResumed;
    private bool _isBackground;
    private long _byteOffset;

    /// <summary>Initializes a new instance of the <see cref="OpenAIResponsesEventDecoder"/> class.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="requestId">The provider's id of the HTTP request, if it gave one.</param>
    /// <param name="continuation">Where the stream was left that this one goes on with; <see langword="null"/> for one that begins.</param>
    /// <param name="predicts">Whether deltas are predicted; without, every payload is parsed.</param>
    public OpenAIResponsesEventDecoder(StreamReadOptions options, string? requestId, OpenAIResponsesContinuation? continuation = null, bool predicts = true)
    {
        _requestId = requestId;
        _predicts = predicts;
        _isBackground = continuation is not null;
        SequenceNumber = continuation?.SequenceNumber;
        _output = new DecoderOutput(options, Emit) { ResponseId = continuation?.ResponseId };
        _metadata = new OpenAIChatMetadata(_output);
    }

    // Only a background response goes on without its connection.
    public override ResponseContinuationToken? ContinuationToken =>
        _isBackground && _output.ResponseId is { } id ? new OpenAIResponsesContinuation(id, SequenceNumber).ToToken() : null;

    /// <summary>Gets the number of the last event; <see langword="null"/> where the server does not number them.</summary>
    public long? SequenceNumber { get; private set; }

    public override void Decode(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data, long byteOffset)
    {
        var isError = eventType.SequenceEqual("error"u8);
        if (_predicted is not null
            && !isError
            && _template.TryMatch(data, out var text, out var number)
            && _predicted.TryAppend(text.In(data), text.IsEscaped))
        {
            SequenceNumber = number ?? SequenceNumber;
            return;
        }

        _predicted = null;
        _byteOffset = byteOffset;
        var trimmed = data.Trim(" \t\r\n"u8);

        if (isError)
        {
            throw ToException(OpenAIResponsesErrors.Read(data));
        }

        // The wire has no such end, but proxies add it.
        if (!trimmed.IsEmpty && !trimmed.SequenceEqual("[DONE]"u8))
        {
            DecodePayload(eventType, new ParsedPayload(data, "an event", byteOffset));
        }
    }

    public override void Complete(long bytesReceived, ReadOnlySpan<byte> unrecognizedText)
    {
        if (IsEnded)
        {
            return;
        }

        if ((OpenAIChatErrorReader.TryRead(unrecognizedText) ?? ReadPage(unrecognizedText)) is { } error)
        {
            throw ToException(error);
        }

        var place = !_isStarted ? " before response.created"
            : _open.Count > 0 ? $" within item {_open.Keys.Min()}"
            : "";
        throw new StreamInterruptedException($"The body ended without response.completed{place}", bytesReceived);
    }

    // Once events have come, a stray line explains nothing.
    private OpenAIChatError? ReadPage(ReadOnlySpan<byte> text) => !_isStarted && UnrecognizedText.IsPage(text) ? OpenAIChatErrorReader.Read(text) : null;

    private void DecodePayload(ReadOnlySpan<byte> eventType, in ParsedPayload payload)
    {
        var root = payload.Root;
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw JsonPayload.Invalid($"a payload of kind {root.ValueKind}", "an object", _byteOffset);
        }

        // The payload is the authority; the name of the frame is a copy of it, which gateways lose.
        var type = root.Text("type"u8) ?? (root.Member("error"u8) is null ? Encoding.UTF8.GetString(eventType) : "error");
        SequenceNumber = root.Integer("sequence_number"u8) ?? SequenceNumber;
        _isResumed |= !_isStarted && SequenceNumber > 0;
        var eventsBefore = _output.EventCount;
        _output.ClearGrown();
        if (DecodeEvent(type, payload))
        {
            ReportEventMembers(root);
        }

        Learn(payload, _output.EventCount - eventsBefore);
    }

    /// <returns>Whether the event is known, and was not passed on whole.</returns>
    private bool DecodeEvent(string type, in ParsedPayload payload)
    {
        var root = payload.Root;
        switch (type)
        {
            case "response.created":
                _isWhole |= !_isStarted;
                Start(root.Object("response"u8));
                break;
            case "response.queued" or "response.in_progress":
                Start(root.Object("response"u8));
                break;
            case "response.completed" or "response.incomplete" or "response.cancelled" or "response.failed":
                End(type, payload);
                break;
            case "error":
                throw ToException(OpenAIResponsesErrors.Read(root));
            case "keepalive":
                Emit(KeepAlive.Instance);
                break;
            case "response.output_item.added":
                BeginItem(root);
                break;
            case "response.output_item.done":
                EndItem(payload);
                break;
            default:
                return TryDecodeItemEvent(type, payload);
        }

        return !IsEnded;
    }

    // Such as the agent of an event, where several answer together. What is said of an item is said again only when it changes.
    private void ReportEventMembers(JsonElement root)
    {
        foreach (var member in root.EnumerateObject())
        {
            if (!KnownEventMembers.Contains(member.Name) && !member.Value.IsEmpty())
            {
                var index = root.Integer("output_index"u8);
                var block = index is { } number && _open.TryGetValue(number, out var item) ? item.BlockIndex : null;
                _metadata.ReportAs($"{member.Name}/{index}", member.Name, member.Value, block);
            }
        }
    }

    private void Start(JsonElement? response)
    {
        if (_isStarted)
        {
            return;
        }

        _isStarted = true;
        _isBackground |= response?.Member("background"u8) is { ValueKind: JsonValueKind.True };
        _output.ResponseId = response?.NonEmptyText("id"u8) ?? _output.ResponseId;
        _output.Emit(new ResponseStarted
        {
            Provider = OpenAIResponsesProtocol.WireName,
            ResponseId = _output.ResponseId,
            Model = response?.NonEmptyText("model"u8),
            RequestId = _requestId,
        });
    }

    private void End(string type, in ParsedPayload payload)
    {
        var response = payload.Root.Object("response"u8) ?? default;
        Start(response);
        var usage = ReadUsage(response);
        var status = response.NonEmptyText("status"u8) ?? type["response.".Length..];
        if (status == "failed")
        {
            EmitUsage(usage);
            _isBackground = false;
            throw ToException(OpenAIResponsesErrors.ReadFailed(response));
        }

        EndItems(payload, response);
        var word = response.Object("incomplete_details"u8)?.NonEmptyText("reason"u8) ?? status;
        ReportMembers(response);
        EmitUsage(usage);
        _output.Emit(new ResponseCompleted
        {
            FinishReason = OpenAIResponsesFinishReasons.Read(word, _isAwaitingAnswers, _hasRefusal),
            RawFinishReason = word,
            Usage = usage,
        });
        IsEnded = true;
    }

    private static TokenUsage? ReadUsage(JsonElement response) => response.Object("usage"u8) is { } usage ? OpenAIResponsesUsage.Read(usage) : null;

    private void EmitUsage(TokenUsage? usage)
    {
        if (usage is not null)
        {
            _output.Emit(new UsageUpdated { Usage = usage });
        }
    }

    private void ReportMembers(JsonElement response)
    {
        if (response.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var member in response.EnumerateObject())
        {
            if (!KnownMembers.Contains(member.Name) && !member.Value.IsEmpty())
            {
                // A copy, so that the value does not keep the whole payload.
                var value = WireJson.Parse(JsonMarshal.GetRawUtf8Value(member.Value));
                _output.Emit(new ProviderMetadata { Name = member.Name, Value = value });
            }
        }
    }

    // A payload that made one delta and nothing else will, but for the delta's text and its number, make the same again.
    // The id of the item says nothing that its index does not, and some gateways give another with every event.
    private void Learn(in ParsedPayload payload, long events)
    {
        if (!_predicts || events != 1 || _output.Grown is not { } grown)
        {
            return;
        }

        Span<JsonSlice> ignored = stackalloc JsonSlice[2];
        var count = 0;
        foreach (var name in (ReadOnlySpan<string>)["item_id", "obfuscation"])
        {
            if (payload.Find(payload.Root.TryGetProperty(name, out var value) ? value : null) is { Exists: true } slice)
            {
                ignored[count++] = slice;
            }
        }

        _template.Learn(payload.Bytes, _output.GrownBy, ignored[..count], payload.FindInteger(payload.Root.Member("sequence_number"u8)));
        _predicted = grown;
    }

    private ProviderException ToException(OpenAIChatError error) =>
        (error with { Provider = OpenAIResponsesProtocol.WireName }).ToInBandException(_requestId);
}
