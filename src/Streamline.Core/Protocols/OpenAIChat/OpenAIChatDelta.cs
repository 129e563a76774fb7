namespace Streamline.Protocols.OpenAIChat;

/// <summary>The members of a delta, found in one pass.</summary>
internal ref struct OpenAIChatDelta
{
    public PayloadValue Role;
    public PayloadValue Content;
    public PayloadValue Refusal;
    public PayloadValue Annotations;
    public PayloadValue ToolCalls;
    public PayloadValue FunctionCall;
    public PayloadValue ReasoningDetails;
    public PayloadValue ThinkingBlocks;
    public PayloadValue ReasoningContent;
    public PayloadValue Reasoning;
    public PayloadValue ReasoningText;
    public PayloadValue Thinking;

    /// <summary>Whether there are members that this version does not know.</summary>
    public bool HasMore;

    /// <summary>Reads a delta.</summary>
    /// <param name="delta">An object.</param>
    public OpenAIChatDelta(PayloadValue delta)
    {
        foreach (var member in delta.Members)
        {
            var value = member.Value;
            if (value.IsMissing)
            {
                continue;
            }

            if (!TryTake(member.Utf8Name, value))
            {
                HasMore = true;
            }
        }
    }

    /// <summary>Tells whether a member has a place of its own.</summary>
    public static bool IsKnown(ReadOnlySpan<byte> name) => default(OpenAIChatDelta).TryTake(name, default);

    private bool TryTake(ReadOnlySpan<byte> name, PayloadValue value)
    {
        switch (name.Length)
        {
            case 4 when name.SequenceEqual("role"u8):
                Role = value;
                break;
            case 5 when name.SequenceEqual("index"u8):
                break; // Mistral repeats the index of the choice.
            case 7 when name.SequenceEqual("content"u8):
                Content = value;
                break;
            case 7 when name.SequenceEqual("refusal"u8):
                Refusal = value;
                break;
            case 8 when name.SequenceEqual("token_id"u8):
                break; // The number of the text's token, which means nothing without the model's vocabulary.
            case 8 when name.SequenceEqual("thinking"u8):
                Thinking = value;
                break;
            case 9 when name.SequenceEqual("reasoning"u8):
                Reasoning = value;
                break;
            case 10 when name.SequenceEqual("tool_calls"u8):
                ToolCalls = value;
                break;
            case 11 when name.SequenceEqual("annotations"u8):
                Annotations = value;
                break;
            case 13 when name.SequenceEqual("function_call"u8):
                FunctionCall = value;
                break;
            case 14 when name.SequenceEqual("reasoning_text"u8):
                ReasoningText = value;
                break;
            case 15 when name.SequenceEqual("thinking_blocks"u8):
                ThinkingBlocks = value;
                break;
            case 17 when name.SequenceEqual("reasoning_content"u8):
                ReasoningContent = value;
                break;
            case 17 when name.SequenceEqual("reasoning_details"u8):
                ReasoningDetails = value;
                break;
            default:
                return false;
        }

        return true;
    }
}
