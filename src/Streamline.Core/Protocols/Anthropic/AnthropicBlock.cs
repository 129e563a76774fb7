using System.Text.Json.Nodes;

namespace Streamline.Protocols.Anthropic;

/// <summary>A block of a message while it arrives: content or a tool call.</summary>
internal sealed class AnthropicBlock : MessageBlock
{
    private StringBuilder? _compacted;
    private string? _compactedEncrypted;

    /// <summary>Begins a block of content.</summary>
    /// <param name="output">Where events go.</param>
    /// <param name="kind">What it holds.</param>
    /// <param name="providerData">What the provider said of the block; <see langword="null"/> for nothing.</param>
    /// <param name="raw">The whole block as it began, for kinds that go back whole; <see langword="null"/> for others.</param>
    public AnthropicBlock(DecoderOutput output, ContentKind kind, RawJson? providerData, RawJson? raw)
        : base(output, new ContentBlock(output, kind, providerData: providerData) { Raw = raw })
    {
    }

    /// <inheritdoc/>
    public AnthropicBlock(DecoderOutput output, ToolCallBlock call, PayloadValue startInput)
        : base(output, call, startInput)
    {
    }

    /// <summary>Gets a value indicating whether the block goes back whole, as the provider sent it.</summary>
    public bool IsRaw => Content?.Raw is not null;

    public void Sign(string signature) => Content!.Signature = signature;

    /// <summary>Appends to the summary in a compaction block.</summary>
    /// <exception cref="StreamLimitException">The summary is too long.</exception>
    public void Compact(PayloadValue delta)
    {
        _compactedEncrypted = delta.Text("encrypted_content"u8) ?? _compactedEncrypted;
        if (delta.Text("content"u8) is { } content)
        {
            AppendPiece(ref _compacted, content);
        }
    }

    protected override void Complete(ContentBlock content)
    {
        content.Raw = RawOf(content.Raw);
        base.Complete(content);
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
