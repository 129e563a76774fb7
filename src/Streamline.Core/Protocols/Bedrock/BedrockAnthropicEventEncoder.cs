using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Streamline.Framing;
using Streamline.Protocols.Anthropic;

namespace Streamline.Protocols.Bedrock;

/// <summary>Encodes events as those of the Messages API, each in a chunk of <c>InvokeModelWithResponseStream</c>.</summary>
internal sealed class BedrockAnthropicEventEncoder : AnthropicEventEncoder
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    protected override void WriteFrame(IBufferWriter<byte> output, string type, ReadOnlySpan<byte> payload)
    {
        var chunk = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(chunk, Relaxed))
        {
            writer.WriteStartObject();
            writer.WriteBase64String("bytes"u8, payload);
            writer.WriteEndObject();
        }

        EventStreamWriter.WriteEvent(output, "chunk", chunk.WrittenSpan);
    }

    protected override void WriteError(ProviderException error, IBufferWriter<byte> output)
    {
        var payload = new ArrayBufferWriter<byte>();
        EventStreamWriter.WriteException(output, BedrockErrorWriter.WriteException(error, payload), payload.WrittenSpan);
    }
}
