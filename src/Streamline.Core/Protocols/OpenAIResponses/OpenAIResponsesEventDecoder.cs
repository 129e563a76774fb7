using System.Text;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIResponses;

/// <summary>Decodes the events of the Responses API.</summary>
internal sealed class OpenAIResponsesEventDecoder : StreamEventDecoder
{
    private static readonly TemplateRules Rules = new(["obfuscation", "item_id"], counter: "sequence_number");

    private readonly ErrorContext _context;
    private readonly DecoderOutput _output;
    private readonly OpenAIResponsesItems _items;
    private readonly OpenAIResponsesItemEvents _itemEvents;
    private readonly UsageReader _usage = new();
    private bool _isStarted;
    private bool _isBackground;
    private long _byteOffset;

    /// <summary>Initializes a new instance of the <see cref="OpenAIResponsesEventDecoder"/> class.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="requestId">The provider's id of the HTTP request, if it gave one.</param>
    /// <param name="continuation">Where the stream was left that this one resumes; <see langword="null"/> for one that begins.</param>
    /// <param name="predicts">Whether the shapes of deltas are learned; if not, every payload is parsed.</param>
    public OpenAIResponsesEventDecoder(StreamReadOptions options, string? requestId, OpenAIResponsesContinuation? continuation = null, bool predicts = true)
    {
        _context = new ErrorContext(OpenAIResponsesProtocol.WireName, Protocol: null, requestId, RetryAfter: null, ShouldRetry: null);
        _isBackground = continuation is not null;
        SequenceNumber = continuation?.SequenceNumber;
        _output = new DecoderOutput(options, Emit, predicts ? Rules : null) { ResponseId = continuation?.ResponseId };
        _items = new OpenAIResponsesItems(_output) { IsResumed = continuation is not null };
        _itemEvents = new OpenAIResponsesItemEvents(_output, _items);
    }

    // Only a background response outlives its connection.
    public override ResponseContinuationToken? ContinuationToken =>
        _isBackground && _output.ResponseId is { } id ? new OpenAIResponsesContinuation(id, SequenceNumber).ToToken() : null;

    /// <summary>Gets the number of the last event; <see langword="null"/> where the server does not number them.</summary>
    public long? SequenceNumber { get; private set; }

    public override void Decode(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data, long byteOffset)
    {
        var isError = eventType.SequenceEqual("error"u8);
        if (!isError && _output.TryAppendKnown(data, out var match))
        {
            SequenceNumber = match.Counter ?? SequenceNumber;
            return;
        }

        if (isError)
        {
            throw ErrorReader.Read(data).ToInBandException(_context);
        }

        if (StreamEnd.IsDone(data))
        {
            HasEndMark = true;
        }
        else if (StreamEnd.IsHeartbeat(eventType, data))
        {
            DecodeKeepAlive();
        }
        else
        {
            _byteOffset = byteOffset;
            DecodePayload(eventType, data);
        }
    }

    public override void Complete(long bytesReceived, ReadOnlySpan<byte> unrecognizedText)
    {
        if (IsEnded)
        {
            return;
        }

        var place = !_isStarted ? ", before response.created" : _items.OpenIndex is { } index ? $", within item {index}" : "";
        new StreamEnd
        {
            Ending = HasEndMark ? StreamEnding.Done : StreamEnding.Body,
            IsStarted = !_items.IsEmpty,
            IsEndKnown = false,
            StrayText = unrecognizedText,
            BytesReceived = bytesReceived,
            Missing = "response.completed" + place,
        }.ThrowIfIncomplete(_context);

        // The protocol has no such end, but proxies add it, also in place of its own.
        _items.EndAll(default, items: default);
        _output.Emit(new ResponseCompleted { FinishReason = _items.IsAwaitingAnswers ? FinishReason.ToolCalls : FinishReason.Other, Usage = _usage.Current });
        IsEnded = true;
    }

    /// <inheritdoc/>
    public override void Release() => _output.Release();

    private void DecodePayload(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data)
    {
        if (!Payload.TryParse(data, out var payload))
        {
            payload.Dispose();
            throw ErrorReader.IsPage(data) && data.TrimStart(" \t\r\n"u8) is not [(byte)'{' or (byte)'[' or (byte)'"', ..]
                ? ErrorReader.Read(data).ToInBandException(_context)
                : JsonPayload.Explain(JsonPayload.ToUtf8(data), "an event", _byteOffset);
        }

        using (payload)
        {
            var root = payload.Root;
            if (!root.IsObject)
            {
                throw JsonPayload.Invalid($"a payload of kind {root.Kind}", "an object", _byteOffset);
            }

            // The payload is the authority; the name of the frame is a copy of it, which gateways lose.
            var type = root.Text("type"u8) ?? (root.Member("error"u8).Exists ? "error" : Encoding.UTF8.GetString(eventType));
            SequenceNumber = root.Member("sequence_number"u8).GetCount() ?? SequenceNumber;
            _output.BeginPayload();
            if (DecodeEvent(type, payload))
            {
                _itemEvents.ReportMembers(root);
            }

            _output.EndPayload(payload);
        }
    }

    /// <returns>Whether the event is known, and was not passed through whole.</returns>
    private bool DecodeEvent(string type, in Payload payload)
    {
        var root = payload.Root;
        switch (type)
        {
            case "response.created" or "response.queued" or "response.in_progress":
                // Some servers send one without a response as a heartbeat.
                if (root.Object("response"u8) is { Exists: true } begun)
                {
                    Start(begun);
                }

                break;
            case "response.completed" or "response.incomplete" or "response.cancelled" or "response.failed" or "response.done":
                End(type, payload);
                break;
            case "error" or "response.error":
                throw ErrorReader.Read(payload.Bytes).ToInBandException(_context);
            case "response.output_item.added":
                BeginItems();
                _items.Begin(root, Item(root, type));
                break;
            case "response.output_item.done":
                BeginItems();
                _items.End(payload, Item(root, type));
                break;
            default:
                return TryDecodeItemEvent(type, payload);
        }

        return !IsEnded;
    }

    private bool TryDecodeItemEvent(string type, in Payload payload)
    {
        var root = payload.Root;
        var isOfItem = OpenAIResponsesItemEvents.IsKnown(type);
        if (!isOfItem && ErrorReader.ReadPayload(root, hasContent: type.StartsWith("response.", StringComparison.Ordinal)) is { } error)
        {
            throw error.ToInBandException(_context);
        }

        if (isOfItem)
        {
            BeginItems();
        }

        return _itemEvents.TryDecode(type, payload);
    }

    private PayloadValue Item(PayloadValue root, string type) => root.Object("item"u8) is { Exists: true } item
        ? item
        : throw JsonPayload.Invalid($"{type} without it", "an object 'item'", _byteOffset);

    // A stream that begins in the middle resumes one that was read before. Others lack response.created.
    private void BeginItems()
    {
        _items.IsResumed |= !_isStarted && SequenceNumber > 1;
        Start(response: default);
    }

    private void Start(PayloadValue response)
    {
        if (_isStarted)
        {
            return;
        }

        _isStarted = true;
        _isBackground |= response.Member("background"u8).GetBoolean() == true;
        _output.ResponseId = response.NonEmptyText("id"u8) ?? _output.ResponseId;
        _output.Emit(new ResponseStarted
        {
            Provider = OpenAIResponsesProtocol.WireName,
            ResponseId = _output.ResponseId,
            Model = response.NonEmptyText("model"u8),
            RequestId = _context.RequestId,
            CreatedAt = UnixTime.Read(response.Member("created_at"u8)),
        });
    }

    private void End(string type, in Payload payload)
    {
        var response = payload.Root.Object("response"u8);
        _items.IsResumed |= !_isStarted && SequenceNumber > 1;
        Start(response);
        TokenUsage? usage = null;
        var reported = response.Object("usage"u8);
        if (reported.Exists && _usage.TryUpdate(reported, out var total))
        {
            usage = total;
        }

        var status = response.NonEmptyText("status"u8) ?? StatusOf(type);
        if (status == "failed")
        {
            EmitUsage(usage);
            _isBackground = false;
            throw ErrorReader.Read(payload.Bytes).ToInBandException(_context);
        }

        _items.EndAll(payload, response.Array("output"u8));
        var word = response.Object("incomplete_details"u8).NonEmptyText("reason"u8) ?? status;
        OpenAIResponsesMembers.Report(_output, response);
        if (UsageReader.HasMoreThanCounts(reported))
        {
            _output.Emit(new ProviderMetadata { Name = "usage", Value = reported.ToElement() });
        }

        EmitUsage(usage);
        _output.Emit(new ResponseCompleted
        {
            FinishReason = OpenAIResponsesFinishReasons.Read(word, _items.IsAwaitingAnswers, _items.HasRefusal),
            RawFinishReason = word,
            Usage = usage,
        });
        IsEnded = true;
    }

    private static string StatusOf(string type) => type == "response.done" ? OpenAIResponsesFinishReasons.Completed : type["response.".Length..];

    private void EmitUsage(TokenUsage? usage)
    {
        if (usage is not null)
        {
            _output.EmitUsage(usage);
        }
    }
}
