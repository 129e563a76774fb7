using System.Buffers;
using System.Buffers.Text;
using Streamline.Protocols.Anthropic;

namespace Streamline.Protocols.Bedrock;

/// <summary>Decodes the chunks of <c>InvokeModelWithResponseStream</c>, each of which holds an event of the Messages API.</summary>
internal sealed class BedrockAnthropicEventDecoder(StreamReadOptions options, string? requestId) : AnthropicEventDecoder(options, requestId)
{
    // One large event must not pin its memory for the life of a stream.
    private const int LargestKept = 64 * 1024;

    private readonly ErrorContext _context = ErrorContext.InBand(BedrockAnthropicProtocol.ProtocolName, requestId);
    private byte[] _buffer = [];

    public override void Decode(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data, long byteOffset)
    {
        if (!eventType.SequenceEqual("chunk"u8))
        {
            Emit(new ProviderEvent { Name = Encoding.UTF8.GetString(eventType), Data = Encoding.UTF8.GetString(data) });
            return;
        }

        base.Decode(eventType: default, ReadBytes(data, byteOffset), byteOffset);
        if (_buffer.Length > LargestKept)
        {
            _buffer = [];
        }
    }

    public override void DecodeError(ReadOnlySpan<byte> code, ReadOnlySpan<byte> data, long byteOffset) =>
        throw BedrockProtocol.ReadException(code, data).ToInBandException(_context);

    // What is left of a body that was cut is a part of a message, and not a text.
    public override void Complete(long bytesReceived, ReadOnlySpan<byte> unrecognizedText) => base.Complete(bytesReceived, unrecognizedText: default);

    private ReadOnlySpan<byte> ReadBytes(ReadOnlySpan<byte> data, long byteOffset)
    {
        using var payload = Payload.Parse(data, "a chunk", byteOffset);
        var bytes = payload.Root.Member("bytes"u8);
        if (!bytes.IsString)
        {
            throw JsonPayload.Invalid("a chunk without it", "a string 'bytes'", byteOffset);
        }

        var slice = bytes.TextSlice;
        return DecodeBase64(slice.IsEscaped ? Encoding.UTF8.GetBytes(bytes.GetString()!) : slice.In(payload.Bytes), byteOffset);
    }

    private ReadOnlySpan<byte> DecodeBase64(ReadOnlySpan<byte> base64, long byteOffset)
    {
        var length = Base64.GetMaxDecodedFromUtf8Length(base64.Length);
        if (_buffer.Length < length)
        {
            _buffer = new byte[Math.Max(length, 2 * _buffer.Length)];
        }

        return Base64.DecodeFromUtf8(base64, _buffer, out _, out var written) == OperationStatus.Done
            ? _buffer.AsSpan(0, written)
            : throw JsonPayload.Invalid("a chunk whose 'bytes' are not Base64", "Base64", byteOffset);
    }
}
