namespace Streamline.Text;

/// <summary>The beginning of a line that is not decided yet.</summary>
internal sealed class PendingLine(int maxChars)
{
    private const int MinCapacity = 128;

    private char[] _buffer = [];
    private int _length;
    private string? _undecided; // the characters that do not decide it; null when only the end of the line does

    /// <summary>Where reading the line continues.</summary>
    public LinePosition Position { get; private set; }

    public bool HasText => _length > 0;

    /// <summary>Adds a piece of the line.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="isWhole">Whether the line ends with it.</param>
    /// <param name="text">The line so far.</param>
    /// <returns>Whether the piece may decide the line.</returns>
    public bool TryBegin(ReadOnlySpan<char> piece, bool isWhole, out ReadOnlySpan<char> text)
    {
        if (_length == 0)
        {
            text = piece;
            return true;
        }

        Append(piece);
        text = _buffer.AsSpan(0, _length);
        return isWhole || (_undecided is not null && piece.ContainsAnyExcept(_undecided));
    }

    /// <summary>Keeps the line until more of it comes.</summary>
    public void Wait(in LineCursor line)
    {
        if (_length == 0)
        {
            Append(line.Text);
        }

        (Position, _undecided) = (line.Position, line.Undecided);
    }

    public void Clear()
    {
        (_length, Position) = (0, default);
        if (_buffer.Length > 16 * MinCapacity)
        {
            _buffer = [];
        }
    }

    private void Append(ReadOnlySpan<char> text)
    {
        if (_length + text.Length > maxChars)
        {
            throw new StreamLimitException(nameof(MarkdownOptions.MaxUndecidedChars), maxChars, _length + text.Length);
        }

        if (_buffer.Length < _length + text.Length)
        {
            Array.Resize(ref _buffer, Math.Max(MinCapacity, Math.Max(_length + text.Length, _buffer.Length * 2)));
        }

        text.CopyTo(_buffer.AsSpan(_length));
        _length += text.Length;
    }
}
