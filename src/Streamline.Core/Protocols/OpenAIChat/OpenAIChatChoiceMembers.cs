namespace Streamline.Protocols.OpenAIChat;

/// <summary>The members of a choice, found in one pass.</summary>
internal ref struct OpenAIChatChoiceMembers
{
    public PayloadValue Element;
    public PayloadValue Index;
    public PayloadValue Delta;
    public PayloadValue Message;
    public PayloadValue FinishReason;
    public PayloadValue Usage;

    /// <summary>Whether there are members that may say that the answer failed.</summary>
    public bool MayBeError;

    /// <summary>Whether there are members that are reported unchanged.</summary>
    public bool HasMore;

    /// <summary>Reads a choice.</summary>
    /// <param name="element">An object.</param>
    public OpenAIChatChoiceMembers(PayloadValue element)
    {
        Element = element;
        foreach (var member in element.Members)
        {
            if (!member.Value.IsMissing && !TryTake(member.Utf8Name, member.Value))
            {
                HasMore = true;
            }
        }
    }

    /// <summary>Tells whether a member has a place of its own.</summary>
    public static bool IsKnown(ReadOnlySpan<byte> name) => default(OpenAIChatChoiceMembers).TryTake(name, default);

    private bool TryTake(ReadOnlySpan<byte> name, PayloadValue value)
    {
        switch (name.Length)
        {
            case 5 when name.SequenceEqual("index"u8):
                Index = value;
                break;
            case 5 when name.SequenceEqual("delta"u8):
                Delta = value;
                break;
            case 5 when name.SequenceEqual("usage"u8):
                Usage = value;
                break;
            case 5 when name.SequenceEqual("error"u8):
                MayBeError = true;
                break;
            case 7 when name.SequenceEqual("message"u8):
                Message = value;
                break;
            case 13 when name.SequenceEqual("finish_reason"u8):
                FinishReason = value;
                break;
            default:
                MayBeError |= ErrorMarks.IsMark(name);
                return false;
        }

        return true;
    }
}
