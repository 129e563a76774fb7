using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIResponses;

/// <summary>An item of the output while it arrives. What an item has no use for it declines, and it is passed on as it is.</summary>
internal abstract class OpenAIResponsesItem
{
    /// <summary>Gets the index of the block that grew last; <see langword="null"/> when there is none yet.</summary>
    public abstract int? BlockIndex { get; }

    /// <summary>Begins a part of a message or of reasoning.</summary>
    public virtual bool TryBeginPart(in ParsedPayload payload, OpenAIResponsesPartKey key, JsonElement part) => false;

    /// <summary>Appends text to a part.</summary>
    public virtual bool TryAppendText(in ParsedPayload payload, OpenAIResponsesPartKey key, string partType) => false;

    /// <summary>Compares a part with its whole, which the wire gives at its end.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="key">Which part.</param>
    /// <param name="partType">Its type.</param>
    /// <param name="whole">The object that holds its text, which is the part or an event.</param>
    public virtual bool TryEndPart(in ParsedPayload payload, OpenAIResponsesPartKey key, string? partType, JsonElement whole) => false;

    public virtual bool TryAddCitation(OpenAIResponsesPartKey key, JsonElement citation) => false;

    /// <summary>Appends to the arguments of a call.</summary>
    public virtual bool TryAppendInput(in ParsedPayload payload) => false;

    /// <summary>Seals the arguments of a call.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="whole">The whole of them.</param>
    public virtual bool TrySealInput(in ParsedPayload payload, JsonElement? whole) => false;

    /// <summary>Ends the item.</summary>
    /// <param name="payload">The payload that holds it.</param>
    /// <param name="item">The whole item.</param>
    public abstract void Complete(in ParsedPayload payload, JsonElement item);

    /// <summary>Ends an item whose whole never came.</summary>
    public abstract void Abandon();
}
