using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Bedrock;

/// <summary>An open block that is shown only whole: encrypted reasoning, the result of a tool that the provider ran, a picture that the model made.</summary>
internal sealed class BedrockWholeBlock : IBedrockBlock
{
    // Base64 as it came.
    private static readonly JsonWriterOptions Verbatim = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly DecoderOutput _output;
    private readonly ContentKind _kind;
    private readonly JsonProperty? _start;
    private readonly int _index;
    private readonly List<JsonElement> _pieces = [];
    private long _bytes;

    /// <summary>Initializes a new instance of the <see cref="BedrockWholeBlock"/> class.</summary>
    /// <param name="output">Where events go.</param>
    /// <param name="kind">What the block holds.</param>
    /// <param name="start">What its start says of it; <see langword="null"/> when it had none.</param>
    public BedrockWholeBlock(DecoderOutput output, ContentKind kind, JsonProperty? start)
    {
        _output = output;
        _kind = kind;
        _start = start;
        _index = output.OpenBlock();
        output.Emit(new ContentStarted { Index = _index, Kind = kind });
    }

    public bool TryApply(in ParsedPayload payload, JsonProperty delta)
    {
        var piece = (_kind, delta.Name) switch
        {
            (ContentKind.RedactedReasoning, "reasoningContent") => delta.Value.Member("redactedContent"u8),
            (ContentKind.ServerToolResult, "toolResult") when delta.Value.ValueKind == JsonValueKind.Array => delta.Value,
            (ContentKind.Other, "image") when delta.Value.ValueKind == JsonValueKind.Object => delta.Value,
            _ => null,
        };
        if (piece is not { } value)
        {
            return false;
        }

        _bytes += JsonMarshal.GetRawUtf8Value(value).Length;
        if (_bytes > _output.Options.MaxEventBytes)
        {
            throw new StreamLimitException(nameof(StreamReadOptions.MaxEventBytes), _output.Options.MaxEventBytes, _bytes);
        }

        _pieces.Add(value);
        return true;
    }

    public void Close(bool isSealed)
    {
        var raw = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(raw, Verbatim))
        {
            BedrockWholeBlockWriter.Write(writer, _kind, _start, _pieces);
        }

        _output.Emit(new ContentCompleted { Index = _index, Kind = _kind, Raw = WireJson.Parse(raw.WrittenSpan) });
        _output.CloseBlock();
    }
}
