using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Bedrock;

/// <summary>An open block of a kind that this version does not know. Its start and deltas are passed on, and nothing of it is kept.</summary>
internal sealed class BedrockUnknownBlock : IBedrockBlock
{
    private readonly DecoderOutput _output;

    public BedrockUnknownBlock(DecoderOutput output)
    {
        _output = output;
        output.CountOpenBlock();
    }

    public bool TryApply(in ParsedPayload payload, JsonProperty delta) => false;

    public void Close(bool isSealed) => _output.CloseBlock();
}
