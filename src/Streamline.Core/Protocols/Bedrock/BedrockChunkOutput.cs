using System.Buffers;
using Streamline.Framing;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Bedrock;

/// <summary>Writes each payload inside of a chunk of <c>InvokeModelWithResponseStream</c>.</summary>
internal sealed class BedrockChunkOutput() : FrameOutput(FrameFormat.EventStream)
{
    public override void Write(string name, ReadOnlySpan<byte> payload)
    {
        var bytes = payload.ToArray();
        var chunk = new ArrayBufferWriter<byte>();
        JsonWriting.WriteObject(chunk, writer => writer.WriteBase64String("bytes"u8, bytes));
        base.Write("chunk", chunk.WrittenSpan);
    }
}
