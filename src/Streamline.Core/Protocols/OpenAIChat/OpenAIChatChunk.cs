namespace Streamline.Protocols.OpenAIChat;

/// <summary>The members of a chunk, found in one pass.</summary>
internal ref struct OpenAIChatChunk
{
    public PayloadValue Root;
    public PayloadValue Choices;
    public PayloadValue Usage;
    public PayloadValue Object;
    public PayloadValue XGroq;

    /// <summary>Whether there are members that may say that the chunk is an error.</summary>
    public bool MayBeError;

    /// <summary>Whether there are members that this version does not know.</summary>
    public bool HasMore;

    private bool _isChunk;

    /// <summary>Gets a value indicating whether the payload has the form of a chunk.</summary>
    public readonly bool IsChunk => _isChunk || Object.TextEquals("chat.completion.chunk"u8);

    /// <summary>Reads a payload.</summary>
    /// <param name="root">The payload; of anything but an object, nothing is found.</param>
    public OpenAIChatChunk(PayloadValue root)
    {
        Root = root;
        foreach (var member in root.Members)
        {
            if (!TryTake(member.Utf8Name, member.Value))
            {
                HasMore |= !member.Value.IsMissing;
            }
        }
    }

    /// <summary>Reports the members that have no place of their own and are not noise.</summary>
    public readonly void ReportOthers(MetadataReporter metadata)
    {
        var known = default(OpenAIChatChunk);
        foreach (var member in Root.Members)
        {
            if (!member.Value.IsMissing && !known.TryTake(member.Utf8Name, member.Value))
            {
                metadata.Report(member);
            }
        }
    }

    private bool TryTake(ReadOnlySpan<byte> name, PayloadValue value)
    {
        switch (name.Length)
        {
            case 1 when name[0] == (byte)'p':
            case 2 when name.SequenceEqual("id"u8):
            case 5 when name.SequenceEqual("model"u8):
            case 7 when name.SequenceEqual("created"u8):
            case 11 when name.SequenceEqual("obfuscation"u8):
                break;
            case 5 when name.SequenceEqual("error"u8):
                MayBeError = true;
                break;
            case 5 when name.SequenceEqual("usage"u8):
                Usage = value;
                _isChunk = true;
                break;
            case 6 when name.SequenceEqual("object"u8):
                Object = value;
                MayBeError |= value.TextEquals("error"u8);
                break;
            case 6 when name.SequenceEqual("x_groq"u8):
                XGroq = value;
                return false;
            case 7 when name.SequenceEqual("choices"u8):
                Choices = value;
                _isChunk = true;
                break;
            default:
                MayBeError |= ErrorMarks.IsMark(name);
                return false;
        }

        return true;
    }
}
