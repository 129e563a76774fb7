using System.Text.Json.Nodes;

namespace Streamline.Protocols.Anthropic;

/// <summary>A block of a message while it arrives: content or a tool call.</summary>
internal sealed class AnthropicBlock
{
    private readonly DecoderOutput _output;
    private readonly ContentBlock? _content;
    private readonly ToolCallBlock? _call;
    private readonly string? _startInput;
    private StringBuilder? _compacted;
    private string? _compactedEncrypted;

    /// <summary>Begins a block of content.</summary>
    /// <param name="output">Where events go.</param>
    /// <param name="kind">What it holds.</param>
    /// <param name="providerData">What the provider said of the block; <see langword="null"/> for nothing.</param>
    /// <param name="raw">The whole block as it began, for kinds that go back whole; <see langword="null"/> for others.</param>
    public AnthropicBlock(DecoderOutput output, ContentKind kind, RawJson? providerData, RawJson? raw)
    {
        _output = output;
        _content = new ContentBlock(output, kind, providerData: providerData) { Raw = raw };
    }

    /// <summary>Begins a tool call.</summary>
    /// <param name="output">Where events go.</param>
    /// <param name="call">The call, which has its name.</param>
    /// <param name="startInput">The JSON text of the arguments that came with its start; they count when no others follow.</param>
    public AnthropicBlock(DecoderOutput output, ToolCallBlock call, string? startInput)
    {
        _output = output;
        _call = call;
        _startInput = startInput;
    }

    public int? Index => _content?.Index ?? _call!.Index;

    /// <summary>Gets what the block holds; <see langword="null"/> for a tool call.</summary>
    public ContentKind? Kind => _content?.Kind;

    /// <summary>Gets a value indicating whether the block goes back whole, as the provider sent it.</summary>
    public bool IsRaw => _content?.Raw is not null;

    /// <summary>Gets the block that deltas with text grow.</summary>
    public GrowingText Text => (GrowingText?)_content ?? _call!;

    /// <summary>Appends the text of a delta: a string, or any other JSON value in its place.</summary>
    public void Append(PayloadValue text, in Payload payload)
    {
        if (_call is not null)
        {
            _output.AppendInput(_call, text, payload);
        }
        else
        {
            _output.TryAppend(Text, text, payload);
        }
    }

    public void Sign(string signature) => _content!.Signature = signature;

    /// <summary>Appends to the summary in a compaction block.</summary>
    /// <exception cref="StreamLimitException">The summary is too long.</exception>
    public void Compact(PayloadValue delta)
    {
        _compactedEncrypted = delta.Text("encrypted_content"u8) ?? _compactedEncrypted;
        if (delta.Text("content"u8) is not { } content)
        {
            return;
        }

        _compacted = (_compacted ?? new StringBuilder()).Append(content);
        var limit = _output.Options.MaxEventBytes;
        if (_compacted.Length > limit)
        {
            throw new StreamLimitException(nameof(StreamReadOptions.MaxEventBytes), limit, _compacted.Length);
        }
    }

    /// <summary>Ends the block.</summary>
    /// <param name="isSealed">Whether the provider ended it. A call that it did not end has no arguments.</param>
    public void Close(bool isSealed)
    {
        if (_content is not null)
        {
            _content.Raw = RawOf(_content.Raw);
            _content.Complete();
        }
        else if (isSealed)
        {
            _call!.Seal(_call.HasArguments ? null : _startInput);
        }
        else
        {
            _call!.Abandon("The message ended before content_block_stop of the call.");
        }
    }

    private RawJson? RawOf(RawJson? block)
    {
        if (block is null || (_compacted is null && _compactedEncrypted is null))
        {
            return block;
        }

        var raw = block.Element;
        var whole = JsonObject.Create(raw)!;
        whole["content"] = _compacted?.ToString() ?? raw.Text("content"u8);
        if (_compactedEncrypted is { } encrypted)
        {
            whole["encrypted_content"] = encrypted;
        }

        return ProviderJson.Parse(whole.ToJsonString());
    }
}
