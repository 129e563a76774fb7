namespace Streamline.Protocols.OpenAIResponses;

/// <summary>A call of a tool: one that the application answers, or one that the provider runs, whose result comes with the end of the item.</summary>
internal sealed class OpenAIResponsesCallItem : OpenAIResponsesItem
{
    private readonly DecoderOutput _output;
    private readonly string _type;
    private readonly bool _isProviderCall;
    private readonly ToolCallBlock _call;

    /// <summary>Initializes a new instance of the <see cref="OpenAIResponsesCallItem"/> class.</summary>
    /// <param name="output">Where events go.</param>
    /// <param name="type">The type of the item.</param>
    /// <param name="begun">The item as it began; it may not exist.</param>
    public OpenAIResponsesCallItem(DecoderOutput output, string type, PayloadValue begun)
    {
        _output = output;
        _type = type;
        _isProviderCall = OpenAIResponsesItemTypes.IsProviderCall(_type);
        _call = new ToolCallBlock(output);
        TryStart(begun);
    }

    public override int? BlockIndex => _call.Index;

    /// <summary>Gets the id under which the application answers the call; <see langword="null"/> while it is not known, and for a call that the provider runs.</summary>
    public string? CallId { get; private set; }

    private string? Name { get; set; }

    /// <summary>Tells whether the call is shown under an id and an item says the same as it does so far, of which it may be the end.</summary>
    public bool IsBegunAs(string callId, PayloadValue item) =>
        CallId == callId && BlockIndex is not null && !_call.IsSealed
        && Name == OpenAIResponsesItemTypes.ToolName(item, _type)
        && (InputOf(item) ?? "").StartsWith(_call.ArgumentsText, StringComparison.Ordinal);

    public override bool TryAppendInput(in Payload payload)
    {
        var delta = payload.Root.Member("delta"u8).TextSlice;
        if (!delta.Exists || _call.IsSealed)
        {
            return false;
        }

        _output.Append(_call, delta, payload.Bytes);
        return true;
    }

    public override bool TrySealInput(PayloadValue whole)
    {
        if (_call.IsSealed)
        {
            return false;
        }

        // A server that does not say at first what is called says it with the end of the item, which has the arguments too.
        if (_call.IsStarted)
        {
            _call.Seal(TextOf(whole));
        }

        return true;
    }

    public override void Complete(in Payload payload, PayloadValue item)
    {
        if (!_call.IsStarted && !TryStart(item))
        {
            throw JsonPayload.Invalid($"a {_type} without a name", "a member 'name' by the end of the item", byteOffset: null);
        }

        var status = item.Word("status"u8);
        if (status is "incomplete" or "in_progress")
        {
            Abandon();
        }
        else if (!_call.IsSealed)
        {
            _call.Seal(InputOf(item));
        }

        if (_isProviderCall && status != "in_progress")
        {
            new ContentBlock(_output, ContentKind.ServerToolResult) { Raw = item.ToRaw() }.Complete();
        }
    }

    public override void Abandon()
    {
        if (!_call.IsSealed)
        {
            _call.Abandon("The response ended before the call was whole.");
        }
    }

    private bool TryStart(PayloadValue item)
    {
        if (OpenAIResponsesItemTypes.ToolName(item, _type) is not { } name)
        {
            return false;
        }

        var id = item.NonEmptyText("id"u8);
        var callId = item.NonEmptyText("call_id"u8);
        (CallId, Name) = (_isProviderCall ? null : callId, name);
        var data = _isProviderCall ? item.ToRaw() : OpenAIResponsesEnvelope.OfCall(item);
        _call.Start(_isProviderCall ? id ?? callId : callId ?? id, name, data, item.TextEquals("type"u8, "custom_tool_call"u8), _isProviderCall);
        return true;
    }

    private string? InputOf(PayloadValue item)
    {
        switch (_type)
        {
            case OpenAIResponsesItemTypes.WebSearchCall:
                return TextOf(item.Object("action"u8));
            case OpenAIResponsesItemTypes.FileSearchCall:
                return item.Member("queries"u8) is { Exists: true } queries ? $$"""{"queries":{{queries.RawText()}}}""" : null;
            default:
                return OpenAIResponsesItemTypes.InputMember(_type) is { } member ? TextOf(item.Member(member)) : null;
        }
    }

    // Some servers give the arguments as a JSON value in place of its text.
    private static string? TextOf(PayloadValue input) => input.IsString ? input.GetString() : input.Exists ? input.RawText() : null;
}
