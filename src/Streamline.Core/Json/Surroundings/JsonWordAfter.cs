namespace Streamline.Json;

/// <summary>The first word of the text after a document, which may be data: a literal or number, or the name of a member.</summary>
internal struct JsonWordAfter
{
    private const int MaxBytes = 64;

    private HeldBytes _word;
    private State _state;
    private bool _isOnRootLine;

    private enum State : byte
    {
        None,
        Open,
        Ended,
    }

    /// <summary>Where the word stands.</summary>
    public long Offset { get; private set; }

    /// <summary>Begins the word.</summary>
    /// <param name="found">Its first byte.</param>
    /// <param name="offset">Where it stands.</param>
    /// <param name="isOnRootLine">Whether it stands on the line in which the document ends. There, it is data more often than prose.</param>
    public void Begin(byte found, long offset, bool isOnRootLine)
    {
        if (IsOfWord(found))
        {
            _word.Add(found);
            (_state, Offset, _isOnRootLine) = (State.Open, offset, isOnRootLine);
        }
    }

    /// <summary>Takes the next byte; a newline for the end of the text.</summary>
    /// <returns>Whether the word may be data.</returns>
    public bool Take(byte found)
    {
        switch (_state)
        {
            case State.None:
                return false;
            case State.Open when IsOfWord(found) && _word.Count < MaxBytes:
                _word.Add(found);
                return false;
            case State.Open or State.Ended when found is (byte)' ' or (byte)'\t' or (byte)'\r':
                _state = State.Ended;
                return false;
            default:
                _state = State.None;
                return (found == (byte)':' && _isOnRootLine) || ((found == (byte)'\n' || _isOnRootLine) && _word.Span.ContainsAnyExcept("+-."u8) && JsonBareWord.IsScalar(_word.Span));
        }
    }

    private static bool IsOfWord(byte found) => char.IsAsciiLetterOrDigit((char)found) || found is (byte)'_' or (byte)'-' or (byte)'+' or (byte)'.';
}
