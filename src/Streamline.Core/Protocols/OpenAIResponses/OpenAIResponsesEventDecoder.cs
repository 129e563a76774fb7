namespace Streamline.Protocols.OpenAIResponses;

/// <summary>Decodes the events of the Responses API.</summary>
internal sealed class OpenAIResponsesEventDecoder : ProtocolDecoder
{
    private static readonly TemplateRules Rules = new("obfuscation item_id", counter: "sequence_number");

    private readonly OpenAIResponsesItems _items;
    private readonly OpenAIResponsesItemEvents _itemEvents;
    private bool _isBackground;

    /// <summary>Initializes a new instance of the <see cref="OpenAIResponsesEventDecoder"/> class.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="requestId">The provider's id of the HTTP request, if it gave one.</param>
    /// <param name="continuation">Where the stream was left that this one resumes; <see langword="null"/> for one that begins.</param>
    /// <param name="predicts">Whether the shapes of deltas are learned; if not, every payload is parsed.</param>
    public OpenAIResponsesEventDecoder(StreamReadOptions options, string? requestId, OpenAIResponsesContinuation? continuation = null, bool predicts = true)
        : base(OpenAIResponsesProtocol.ProtocolName, requestId, options, predicts ? Rules : null)
    {
        _isBackground = continuation is not null;
        SequenceNumber = continuation?.SequenceNumber;
        Output.ResponseId = continuation?.ResponseId;
        _items = new OpenAIResponsesItems(Output) { IsResumed = continuation is not null };
        _itemEvents = new OpenAIResponsesItemEvents(Output, _items);
    }

    // Only a background response outlives its connection.
    public override ResponseContinuationToken? ContinuationToken =>
        _isBackground && Output.ResponseId is { } id ? new OpenAIResponsesContinuation(id, SequenceNumber).ToToken() : null;

    /// <summary>Gets the number of the last event; <see langword="null"/> where the server does not number them.</summary>
    public long? SequenceNumber { get; private set; }

    protected override string Missing => !IsStarted ? "response.created" : "response.completed" + (_items.OpenIndex is { } index ? $", within item {index}" : "");

    protected override bool HasAnswer => !_items.IsEmpty;

    protected override void OnMatch(in TemplateMatch match) => SequenceNumber = match.Counter ?? SequenceNumber;

    // The protocol has no such end, but proxies add it, also in place of its own.
    protected override void EndWithBody()
    {
        _items.EndAll(default, items: default);
        End(new ResponseCompleted { FinishReason = _items.IsAwaitingAnswers ? FinishReason.ToolCalls : FinishReason.Other, Usage = Usage.Current });
    }

    protected override void DecodePayload(ReadOnlySpan<byte> eventType, in Payload payload)
    {
        var root = payload.Root;

        // The payload is the authority; the name of the frame is a copy of it, which gateways lose.
        var type = root.Word("type"u8) ?? (root.Member("error"u8).Exists ? "error" : Encoding.UTF8.GetString(eventType));
        SequenceNumber = root.Member("sequence_number"u8).GetCount() ?? SequenceNumber;
        if (DecodeEvent(type, payload))
        {
            _itemEvents.ReportMembers(root);
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
                throw ErrorReader.Read(payload.Bytes).ToInBandException(Context);
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
        if (isOfItem)
        {
            BeginItems();
        }
        else
        {
            ThrowIfError(root, hasContent: type.StartsWith("response.", StringComparison.Ordinal));
        }

        return _itemEvents.TryDecode(type, payload);
    }

    private PayloadValue Item(PayloadValue root, string type) => root.Object("item"u8) is { Exists: true } item
        ? item
        : throw Without(type, "an object 'item'");

    // A stream that begins in the middle resumes one that was read before. Others lack response.created.
    private void BeginItems()
    {
        _items.IsResumed |= !IsStarted && SequenceNumber > 1;
        Start(response: default);
    }

    private void Start(PayloadValue response)
    {
        if (!IsStarted)
        {
            _isBackground |= response.Member("background"u8).GetBoolean() == true;
            Start(response.NonEmptyText("id"u8) ?? Output.ResponseId, response.NonEmptyText("model"u8), UnixTime.Read(response.Member("created_at"u8)));
        }
    }

    private void End(string type, in Payload payload)
    {
        var response = payload.Root.Object("response"u8);
        _items.IsResumed |= !IsStarted && SequenceNumber > 1;
        Start(response);
        TokenUsage? usage = null;
        var reported = response.Object("usage"u8);
        if (reported.Exists && Usage.TryUpdate(reported, out var total))
        {
            usage = total;
        }

        var status = response.NonEmptyText("status"u8) ?? StatusOf(type);
        if (status == "failed")
        {
            EmitUsage(usage);
            _isBackground = false;
            var error = ErrorReader.Read(payload.Bytes);

            // What is wrong with a request has a code; a failure without one is the server's.
            throw (error is { Code: null, Status: null, IsRetryable: null, Message: not null } ? error with { IsRetryable = true } : error).ToInBandException(Context);
        }

        _items.EndAll(payload, response.Array("output"u8));
        var word = response.Object("incomplete_details"u8).NonEmptyText("reason"u8) ?? status;
        OpenAIResponsesMembers.Report(Output, response);
        if (UsageReader.HasMoreThanCounts(reported))
        {
            Output.Emit(new ProviderMetadata("usage", reported.ToRaw()));
        }

        EmitUsage(usage);
        End(new ResponseCompleted
        {
            FinishReason = OpenAIResponsesFinishReasons.Read(word, _items.IsAwaitingAnswers, _items.HasRefusal),
            RawFinishReason = word,
            Usage = usage,
        });
    }

    private static string StatusOf(string type) => type == "response.done" ? OpenAIResponsesFinishReasons.Completed : type["response.".Length..];

    private void EmitUsage(TokenUsage? usage)
    {
        if (usage is not null)
        {
            Output.EmitUsage(usage);
        }
    }
}
