namespace Streamline.Protocols.Cohere;

/// <summary>Decodes the events of the Chat API.</summary>
internal sealed class CohereEventDecoder : ProtocolDecoder
{
    private static readonly TemplateRules Rules = new();

    private readonly CohereMemberReporter _members;
    private readonly CohereBlocks _blocks;
    private readonly CohereToolCalls _calls;

    /// <summary>Initializes a new instance of the <see cref="CohereEventDecoder"/> class.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="requestId">The provider's id of the HTTP request, if it gave one.</param>
    /// <param name="predicts">Whether the shapes of deltas are learned; if not, every payload is parsed.</param>
    public CohereEventDecoder(StreamReadOptions options, string? requestId, bool predicts = true)
        : base(CohereProtocol.ProtocolName, requestId, options, predicts ? Rules : null)
    {
        _members = new CohereMemberReporter(Metadata);
        _blocks = new CohereBlocks(Output);
        _calls = new CohereToolCalls(Output);
    }

    protected override string Missing => IsStarted ? "message-end" : "message-start";

    protected override void EndWithBody() => End(reason: null);

    /// <summary>Tells whether an event has a type that is decoded.</summary>
    public static bool IsKnown(string type) => type is "message-start" or "content-start" or "content-delta" or "content-end" or "tool-plan-delta"
        or "tool-call-start" or "tool-call-delta" or "tool-call-end" or "citation-start" or "citation-end" or "message-end";

    protected override void DecodePayload(ReadOnlySpan<byte> eventType, in Payload payload)
    {
        // The name of the frame is a copy of the type, which servers leave out.
        var type = payload.Root.Text("type"u8) ?? Encoding.UTF8.GetString(eventType);
        if (!TryDecodeEvent(type, payload))
        {
            PassUnlessError(type, payload);
        }
    }

    /// <returns><see langword="false"/> when the event, or the form of what it holds, is not known.</returns>
    private bool TryDecodeEvent(string type, in Payload payload)
    {
        var root = payload.Root;
        var delta = root.Object("delta"u8);
        var message = delta.Object("message"u8) is { Exists: true } found ? found : delta;
        switch (type)
        {
            case "message-start":
                return TryStartMessage(payload, message);
            case "content-start":
                Start(root.NonEmptyText("id"u8));
                return TryBegin(payload, message.Member("content"u8));
            case "content-delta":
                Start(root.NonEmptyText("id"u8));
                return Report(root, _blocks.TryAppend(payload, IndexOf(root), message.Member("content"u8)), _blocks.Latest?.Index);
            case "content-end":
                _blocks.End(IndexOf(root));
                return Report(root, isRead: true, index: null);
            case "tool-plan-delta":
                Start(root.NonEmptyText("id"u8));
                return Report(root, _blocks.TryPlan(payload, message.Member("tool_plan"u8)), _blocks.Latest?.Index);
            case "tool-call-start":
                Start(root.NonEmptyText("id"u8));
                _blocks.EndPlan();
                return Report(root, _calls.TryBegin(payload, IndexOf(root), message.Member("tool_calls"u8), ByteOffset), index: null);
            case "tool-call-delta":
                return Report(root, _calls.TryAppend(payload, IndexOf(root), message.Member("tool_calls"u8), out var call), call);
            case "tool-call-end":
                _calls.End(IndexOf(root));
                return Report(root, isRead: true, index: null);
            case "citation-start":
                return Report(root, TryCite(message.Member("citations"u8)), index: null);
            case "citation-end":
                return Report(root, isRead: true, index: null);
            case "message-end":
                EndMessage(root, delta);
                return true;
            default:
                return false;
        }
    }

    private bool TryStartMessage(in Payload payload, PayloadValue message)
    {
        var root = payload.Root;
        if (IsStarted && root.NonEmptyText("id"u8) is { } id && id != Output.ResponseId)
        {
            // Servers repeat the start of a message; another message means that two responses were spliced.
            throw Unexpected("message-start of another message", "the rest of the message that is open");
        }

        Start(root.NonEmptyText("id"u8));

        // Empty, as a rule. What is there is whole: each list has its own events.
        var isRead = _blocks.TryPlan(payload, message.Member("tool_plan"u8));
        var content = message.Member("content"u8);
        foreach (var item in content.Items)
        {
            isRead &= _blocks.TryBegin(payload, index: null, item);
            _blocks.End(index: null);
        }

        isRead &= content.IsArray || _blocks.TryAppend(payload, index: null, content);
        foreach (var call in message.Array("tool_calls"u8).Items)
        {
            isRead &= _calls.TryBegin(payload, index: null, call, ByteOffset);
            _calls.End(index: null);
        }

        var citations = message.Member("citations"u8);
        isRead &= citations.IsMissing || TryCite(citations);
        return Report(root, isRead, index: null);
    }

    private bool TryBegin(in Payload payload, PayloadValue content)
    {
        var isBegun = _blocks.TryBegin(payload, IndexOf(payload.Root), content);
        if (isBegun)
        {
            _members.Report(payload.Root, _blocks.Latest?.Index, isContentRaw: _blocks.Latest is { Kind: ContentKind.Other });
        }

        return isBegun;
    }

    private bool Report(PayloadValue root, bool isRead, int? index)
    {
        if (isRead)
        {
            _members.Report(root, index);
        }

        return isRead;
    }

    private bool TryCite(PayloadValue citation)
    {
        foreach (var item in citation.Items)
        {
            if (!TryCite(item))
            {
                return false;
            }
        }

        if (citation.IsArray)
        {
            return true;
        }

        if (!citation.IsObject)
        {
            return false;
        }

        // The events know citations of a text that is open. Others are of a plan, of thinking, or late.
        var block = _blocks.FindCited(citation);
        if (block is { Kind: ContentKind.Text, IsOpen: true })
        {
            Output.Emit(new CitationAdded { Index = block.Index, Citation = citation.ToElement() });
        }
        else
        {
            Metadata.Pass(CohereMemberReporter.Citations, citation, block?.Index);
        }

        return true;
    }

    private void EndMessage(PayloadValue root, PayloadValue delta)
    {
        Start(root.NonEmptyText("id"u8));
        _blocks.EndPlan();
        var usage = delta.Object("usage"u8);
        UpdateUsage(usage);
        ReportMoreThanCounts(usage, CohereMemberReporter.UsagePrefix);
        _members.Report(root, index: null);
        var reason = delta.NonEmptyText("finish_reason"u8);
        if (ReadError(root, delta, reason) is { } error)
        {
            throw error.ToInBandException(Context);
        }

        End(reason);
    }

    private static ProviderError? ReadError(PayloadValue root, PayloadValue delta, string? reason)
    {
        var error = ErrorReader.ReadPayload(delta, hasContent: true) ?? ErrorReader.ReadPayload(root, hasContent: true);
        if (error is null && CohereFinishReasons.IsFailure(reason))
        {
            error = ErrorMembers.Read(delta, delta);
        }

        return error is { Code: null, Status: null } && reason is not null ? error.WithCode(reason) : error;
    }

    private void End(string? reason)
    {
        _blocks.EndAll();
        _calls.EndAll();
        End(new ResponseCompleted { FinishReason = CohereFinishReasons.Read(reason, Output.HasCallsToAnswer), RawFinishReason = reason, Usage = Usage.Current });
    }

    private void PassUnlessError(string type, in Payload payload)
    {
        // The body of an error has nothing but words and an id. Frames without a name have this one.
        var error = ErrorReader.ReadPayload(payload.Root, hasContent: false)
            ?? (type is "" or "message" && !payload.Root.Has("type"u8) && payload.Root.NonEmptyText("message"u8) is not null ? ErrorReader.Read(payload.Bytes) : null);
        if (error is not null)
        {
            throw error.ToInBandException(Context);
        }

        PassThrough(type, payload);
    }

    private static long? IndexOf(PayloadValue root) => root.Member("index"u8).GetCount();
}
