namespace Streamline.Protocols.Bedrock;

/// <summary>A block of a message while it arrives: content, a tool call, or a kind that this version does not know.</summary>
internal sealed class BedrockBlock
{
    // Marks reasoning that was signed by this protocol's models. Its text and signature are in the events already.
    private static readonly RawJson Signed = JsonElement.Parse("""{"reasoningContent":{"reasoningText":{}}}"""u8);

    private readonly DecoderOutput _output;
    private readonly ContentBlock? _content;
    private readonly BedrockWholeContent? _whole;
    private readonly ToolCallBlock? _call;
    private readonly string? _startInput;
    private StringBuilder? _signature;

    /// <summary>Begins a block of an unknown kind. Nothing of it is kept.</summary>
    public BedrockBlock(DecoderOutput output) => _output = output;

    /// <summary>Begins a block of content.</summary>
    /// <param name="output">Where events go.</param>
    /// <param name="kind">What it holds.</param>
    /// <param name="whole">Collects the content of a block that is shown only whole; <see langword="null"/> for text and reasoning.</param>
    public BedrockBlock(DecoderOutput output, ContentKind kind, BedrockWholeContent? whole = null)
        : this(output)
    {
        _content = new ContentBlock(output, kind);
        _whole = whole;
    }

    /// <summary>Begins a tool call.</summary>
    /// <param name="output">Where events go.</param>
    /// <param name="call">The call, which has its name.</param>
    /// <param name="startInput">The JSON text of the arguments that came with its start; they count when no others follow.</param>
    public BedrockBlock(DecoderOutput output, ToolCallBlock call, string? startInput)
        : this(output)
    {
        _call = call;
        _startInput = startInput;
    }

    /// <summary>Applies a member of a delta.</summary>
    /// <param name="payload">The payload of the delta.</param>
    /// <param name="name">The name of the member.</param>
    /// <param name="value">The value of the member.</param>
    /// <returns><see langword="false"/> when the block does not grow by such a member.</returns>
    public bool TryApply(in Payload payload, string name, PayloadValue value) => (_content?.Kind, name) switch
    {
        (ContentKind.Text, "text") => _output.TryAppend(_content!, value, payload),
        (ContentKind.Text, "citation") => TryCite(value),
        (ContentKind.Reasoning, "reasoningContent") => TryReason(payload, value),
        (null, "toolUse") => TryAddInput(payload, value.Member("input"u8)),
        _ => _whole is not null && _whole.TryAdd(name, value),
    };

    /// <summary>Ends the block.</summary>
    /// <param name="isSealed">Whether the provider ended it. A call that it did not end has no arguments.</param>
    public void Close(bool isSealed)
    {
        if (_content is not null)
        {
            _content.Signature = _signature?.ToString();
            _content.Raw = RawJson.Of(_whole?.ToElement()) ?? (_signature is null ? null : Signed);
            _content.Complete();
        }
        else if (isSealed)
        {
            _call?.Seal(_call.HasArguments ? null : _startInput);
        }
        else
        {
            _call?.Abandon("The message ended before contentBlockStop of the call.");
        }
    }

    private bool TryCite(PayloadValue citation)
    {
        if (!citation.IsObject)
        {
            return false;
        }

        _output.Emit(new CitationAdded(_content!.Index, citation.ToRaw()));
        return true;
    }

    private bool TryReason(in Payload payload, PayloadValue reasoning)
    {
        var isKnown = _output.TryAppend(_content!, reasoning.Member("text"u8), payload);
        if (reasoning.Text("signature"u8) is { } signature)
        {
            Sign(signature);
            _output.ClearGrown();
            isKnown = true;
        }

        return isKnown;
    }

    // A signature that comes in pieces is no longer than one that comes whole may be.
    private void Sign(string piece)
    {
        _signature = (_signature ?? new StringBuilder()).Append(piece);
        var limit = _output.Options.MaxEventBytes;
        if (_signature.Length > limit)
        {
            throw new StreamLimitException(nameof(StreamReadOptions.MaxEventBytes), limit, _signature.Length);
        }
    }

    // A value in place of its text must not be lost: a call without arguments is a call with an empty object.
    private bool TryAddInput(in Payload payload, PayloadValue input)
    {
        if (_call is null || !input.Exists)
        {
            return false;
        }

        _output.AppendInput(_call, input, payload);
        return true;
    }
}
