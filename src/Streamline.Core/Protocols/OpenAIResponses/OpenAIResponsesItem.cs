namespace Streamline.Protocols.OpenAIResponses;

/// <summary>An item of the output while it arrives. It declines what it has no use for, which is then passed through unchanged.</summary>
internal abstract class OpenAIResponsesItem
{
    /// <summary>Gets the index of the block that grew last; <see langword="null"/> when there is none yet.</summary>
    public abstract int? BlockIndex { get; }

    /// <summary>Begins a part of a message or of reasoning.</summary>
    public virtual bool TryBeginPart(in Payload payload, OpenAIResponsesPartKey key, PayloadValue part) => false;

    /// <summary>Appends text to a part.</summary>
    public virtual bool TryAppendText(in Payload payload, OpenAIResponsesPartKey key, string partType) => false;

    /// <summary>Compares a part with its whole, which the provider repeats at its end.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="key">Which part.</param>
    /// <param name="partType">Its type.</param>
    /// <param name="whole">The object that holds its text, which is the part or an event.</param>
    public virtual bool TryEndPart(in Payload payload, OpenAIResponsesPartKey key, string? partType, PayloadValue whole) => false;

    public virtual bool TryAddCitation(OpenAIResponsesPartKey key, PayloadValue citation) => false;

    /// <summary>Appends to the arguments of a call.</summary>
    public virtual bool TryAppendInput(in Payload payload) => false;

    /// <summary>Seals the arguments of a call.</summary>
    /// <param name="whole">The whole of them; it may not exist.</param>
    public virtual bool TrySealInput(PayloadValue whole) => false;

    /// <summary>Ends the item.</summary>
    /// <param name="payload">The payload that holds it.</param>
    /// <param name="item">The whole item.</param>
    public abstract void Complete(in Payload payload, PayloadValue item);

    /// <summary>Ends an item whose whole never came.</summary>
    public abstract void Abandon();
}

/// <summary>Which part of an item an event speaks of. The protocol counts the parts of a summary and of the content apart.</summary>
internal readonly record struct OpenAIResponsesPartKey(bool IsSummary, long Index);
