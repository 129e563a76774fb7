namespace Streamline.Text;

/// <summary>
/// Reads the beginning of a line that may not have arrived completely. What cannot be decided yet says <see cref="Need"/> with the characters that
/// would not decide it, so that it is tried again only when it can be.
/// </summary>
internal ref struct LineCursor(ReadOnlySpan<char> text, bool isWhole, LinePosition position)
{
    public const string Blanks = " \t";

    private const int TabStop = 4;

    private int _scannedFrom = -1;
    private bool _isScanEnded;

    public ReadOnlySpan<char> Text { get; } = text;

    /// <summary>Whether the line has arrived up to its end.</summary>
    public bool IsWhole { get; } = isWhole;

    public LinePosition Position { get; private set; } = position;

    /// <summary>The offset of the first character after the blanks at the position.</summary>
    public int Nonspace { get; private set; }

    /// <summary>The columns of the blanks at the position, at least.</summary>
    public int Indent { get; private set; }

    /// <summary>Whether only blanks follow.</summary>
    public readonly bool IsBlank => _isScanEnded && Nonspace == Text.Length;

    /// <summary>The characters that leave undecided what needs more; <see langword="null"/> when only the end of the line decides.</summary>
    public string? Undecided { get; private set; }

    /// <summary>How many characters were looked at.</summary>
    public int Examined { get; private set; }

    public readonly ReadOnlySpan<char> Rest => Text[Position.Offset..];

    public LineMatch Need(string undecided)
    {
        Undecided = undecided;
        return LineMatch.Need;
    }

    public LineMatch NeedLine()
    {
        Undecided = null;
        return LineMatch.Need;
    }

    /// <summary>Measures the blanks at the position.</summary>
    /// <param name="enough">The columns that decide, whatever follows.</param>
    /// <returns><see langword="false"/> when more is needed.</returns>
    public bool TryScan(int enough)
    {
        var isScanned = _scannedFrom == Position.Offset && (_isScanEnded || Indent >= enough);
        if (!isScanned)
        {
            var (column, i) = (Position.Column, Position.Offset);
            while (i < Text.Length && Text[i] is ' ' or '\t')
            {
                column += Text[i] == '\t' ? TabStop - (column % TabStop) : 1;
                i++;
            }

            Examined += i - Position.Offset + 1;
            (_scannedFrom, Nonspace, Indent) = (Position.Offset, i, column - Position.Column);
            _isScanEnded = i < Text.Length || IsWhole;
        }

        if (_isScanEnded || Indent >= enough)
        {
            return true;
        }

        Undecided = Blanks;
        return false;
    }

    public void AdvanceToNonspace()
    {
        Position = Position with { Offset = Nonspace, Column = Position.Column + Indent, IsWithinTab = false };
        _scannedFrom = -1;
    }

    /// <summary>Advances by characters that are not tabs.</summary>
    public void Advance(int count)
    {
        Position = Position with { Offset = Position.Offset + count, Column = Position.Column + count, IsWithinTab = false };
        _scannedFrom = -1;
    }

    /// <summary>Advances over blanks by a number of columns, or up to the end of the line.</summary>
    public void AdvanceColumns(int count)
    {
        var (offset, column, isWithinTab, _) = Position;
        while (count > 0 && offset < Text.Length && Text[offset] is ' ' or '\t')
        {
            var width = Text[offset] == '\t' ? TabStop - (column % TabStop) : 1;
            isWithinTab = width > count;
            offset += isWithinTab ? 0 : 1;
            column += Math.Min(width, count);
            count -= width;
        }

        Position = Position with { Offset = offset, Column = column, IsWithinTab = isWithinTab };
        _scannedFrom = -1;
    }

    /// <summary>Advances over one blank, if there is one. The next character must be known.</summary>
    public void AdvanceOptionalBlank() => AdvanceColumns(1);

    /// <summary>Gives the columns of a tab that is partly consumed as spaces, and passes it.</summary>
    public int TakePartialTab()
    {
        if (!Position.IsWithinTab)
        {
            return 0;
        }

        var width = TabStop - (Position.Column % TabStop);
        Position = Position with { Offset = Position.Offset + 1, Column = Position.Column + width, IsWithinTab = false };
        return width;
    }

    /// <summary>The length of a run of one character from an offset.</summary>
    public int RunLength(int offset, char marker)
    {
        var length = Text[offset..].IndexOfAnyExcept(marker);
        length = length < 0 ? Text.Length - offset : length;
        Examined += length;
        return length;
    }

    /// <summary>No thematic break begins before an offset. Nested items need not look again.</summary>
    public void ExcludeBreaksBefore(int offset) => Position = Position with { NoBreakBefore = offset };

    public void Count(int examined) => Examined += examined;

    /// <summary>Whether a character is known at an offset, or the line is known to end before it.</summary>
    public readonly bool IsKnown(int offset) => offset < Text.Length || IsWhole;

    public readonly bool IsBlankOrEnd(int offset) => offset >= Text.Length || Text[offset] is ' ' or '\t';
}
