using System.Text;
using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Bedrock;

/// <summary>An open block of text or reasoning.</summary>
internal sealed class BedrockContentBlock : GrowingText, IBedrockBlock
{
    // What marks reasoning that was signed on this wire. Its text and signature are told already.
    private static readonly JsonElement Signed = JsonElement.Parse("""{"reasoningContent":{"reasoningText":{}}}"""u8);

    private readonly DecoderOutput _output;
    private readonly ContentKind _kind;
    private readonly int _index;
    private StringBuilder? _signature;

    public BedrockContentBlock(DecoderOutput output, ContentKind kind)
    {
        _output = output;
        _kind = kind;
        _index = output.OpenBlock();
        output.Emit(new ContentStarted { Index = _index, Kind = kind });
    }

    public bool TryApply(in ParsedPayload payload, JsonProperty delta) => (_kind, delta.Name) switch
    {
        (ContentKind.Text, "text") => TryAppend(payload, delta.Value),
        (ContentKind.Text, "citation") => TryCite(delta.Value),
        (ContentKind.Reasoning, "reasoningContent") => TryReason(payload, delta.Value),
        _ => false,
    };

    public void Close(bool isSealed)
    {
        EndText();
        _output.Emit(new ContentCompleted { Index = _index, Kind = _kind, Signature = _signature?.ToString(), Raw = _signature is null ? null : Signed });
        _output.CloseBlock();
    }

    protected override void Show(string text) => _output.Emit(
        _kind == ContentKind.Reasoning ? new ReasoningDelta { Index = _index, Text = text } : new TextDelta { Index = _index, Text = text });

    private bool TryAppend(in ParsedPayload payload, JsonElement? text)
    {
        var slice = payload.Find(text);
        if (!slice.Exists)
        {
            return false;
        }

        _output.Append(this, slice, payload.Bytes);
        return true;
    }

    private bool TryCite(JsonElement citation)
    {
        if (citation.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        _output.Emit(new CitationAdded { Index = _index, Citation = citation });
        return true;
    }

    private bool TryReason(in ParsedPayload payload, JsonElement reasoning)
    {
        var isKnown = TryAppend(payload, reasoning.Member("text"u8));
        if (reasoning.Text("signature"u8) is { } signature)
        {
            Sign(signature);
            isKnown = true;
        }

        return isKnown;
    }

    // One that comes in pieces is no longer than one that comes whole may be.
    private void Sign(string piece)
    {
        _signature = (_signature ?? new StringBuilder()).Append(piece);
        if (_signature.Length > _output.Options.MaxEventBytes)
        {
            throw new StreamLimitException(nameof(StreamReadOptions.MaxEventBytes), _output.Options.MaxEventBytes, _signature.Length);
        }
    }
}
