using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Bedrock;

/// <summary>What a decoder keeps of a block that is open.</summary>
internal interface IBedrockBlock
{
    /// <summary>Takes the one member of a delta.</summary>
    /// <param name="payload">The payload of the delta.</param>
    /// <param name="delta">The member.</param>
    /// <returns><see langword="false"/> when the block does not grow by such a member.</returns>
    bool TryApply(in ParsedPayload payload, JsonProperty delta);

    /// <summary>Ends the block.</summary>
    /// <param name="isSealed">Whether the wire said so.</param>
    void Close(bool isSealed);
}
