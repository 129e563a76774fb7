using System.Text;

namespace Streamline.Text;

/// <summary>
/// Reads the link reference definitions that a paragraph may begin with (CommonMark 0.31, section 4.7), one character at a time. The text of the paragraph waits here
/// as long as it may still be a definition.
/// </summary>
internal sealed class LinkDefinitionReader(int maxChars, Action<LinkDefinition> onDefined)
{
    private const int MaxLabelLength = 999;

    private readonly StringBuilder _text = new();
    private State _state;
    private int _labelEnd;
    private int _destinationStart;
    private int _destinationEnd;
    private int _lineEnd; // after the line end that follows the destination; 0 when there is none yet
    private int _titleStart;
    private int _titleEnd;
    private int _parentheses;
    private char _closer;
    private bool _isEscaped;

    private enum State
    {
        Start,
        Label,
        Colon,
        BeforeDestination,
        AngleDestination,
        BareDestination,
        AfterDestination,
        Title,
        AfterTitle,
        Failed,
    }

    /// <summary>Whether the text is not a definition. What has been read is then the text of the paragraph.</summary>
    public bool IsText => _state == State.Failed;

    /// <summary>The text that has been read since the last definition.</summary>
    public StringBuilder Text => _text;

    /// <summary>Whether all of <see cref="Text"/> is on one line.</summary>
    public bool HasOneLine { get; private set; } = true;

    /// <summary>Reads on.</summary>
    /// <returns>How many characters were read; fewer than all when the text is not a definition.</returns>
    /// <exception cref="StreamLimitException">The undecided text is longer than allowed.</exception>
    public int Append(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            _text.Append(text[i]);
            HasOneLine &= text[i] != '\n';
            if (_text.Length > maxChars)
            {
                throw new StreamLimitException(nameof(MarkdownOptions.MaxUndecidedChars), maxChars, _text.Length);
            }

            Read(text[i]);
            if (IsText)
            {
                return i + 1;
            }
        }

        return text.Length;
    }

    /// <summary>The paragraph ended. What is left in <see cref="Text"/> is its text.</summary>
    public void Complete()
    {
        switch (_state)
        {
            case State.BareDestination when _parentheses == 0:
                _destinationEnd = _text.Length;
                Define(_text.Length, hasTitle: false);
                break;
            case State.AfterDestination:
                Define(_text.Length, hasTitle: false);
                break;
            case State.AfterTitle:
                Define(_text.Length, hasTitle: true);
                break;
            case State.Title when _lineEnd > 0:
                Define(_lineEnd, hasTitle: false);
                break;
            default:
                break;
        }

        _state = State.Failed;
    }

    private void Read(char next)
    {
        var isEscaped = _isEscaped;
        _isEscaped = false;
        switch (_state)
        {
            case State.Start:
                _state = next == '[' ? State.Label : State.Failed;
                break;
            case State.Label:
                ReadLabel(next, isEscaped);
                break;
            case State.Colon:
                _state = next == ':' ? State.BeforeDestination : State.Failed;
                break;
            case State.BeforeDestination:
                ReadBeforeDestination(next);
                break;
            case State.AngleDestination:
                ReadAngleDestination(next, isEscaped);
                break;
            case State.BareDestination:
                ReadBareDestination(next, isEscaped);
                break;
            case State.AfterDestination:
                ReadAfterDestination(next);
                break;
            case State.Title:
                ReadTitle(next, isEscaped);
                break;
            case State.AfterTitle:
                ReadAfterTitle(next);
                break;
            default:
                break;
        }
    }

    private void ReadLabel(char next, bool isEscaped)
    {
        if (isEscaped)
        {
            return;
        }

        switch (next)
        {
            case '\\':
                _isEscaped = true;
                break;
            case '[':
                _state = State.Failed;
                break;
            case ']':
                _labelEnd = _text.Length - 1;
                _state = _labelEnd - 1 <= MaxLabelLength && !string.IsNullOrWhiteSpace(_text.ToString(1, _labelEnd - 1)) ? State.Colon : State.Failed;
                break;
            default:
                break;
        }
    }

    private void ReadBeforeDestination(char next)
    {
        if (next is ' ' or '\t')
        {
            return;
        }

        if (next == '\n')
        {
            _state = _lineEnd == 0 ? State.BeforeDestination : State.Failed;
            _lineEnd = _text.Length;
            return;
        }

        (_destinationStart, _lineEnd, _parentheses) = (_text.Length - 1, 0, 0);
        if (next == '<')
        {
            _destinationStart++;
            _state = State.AngleDestination;
            return;
        }

        _state = State.BareDestination;
        ReadBareDestination(next, isEscaped: false);
    }

    private void ReadAngleDestination(char next, bool isEscaped)
    {
        if (next == '\n' || (next == '<' && !isEscaped))
        {
            _state = State.Failed;
        }
        else if (next == '>' && !isEscaped)
        {
            _destinationEnd = _text.Length - 1;
            _state = State.AfterDestination;
        }
        else
        {
            _isEscaped = next == '\\' && !isEscaped;
        }
    }

    private void ReadBareDestination(char next, bool isEscaped)
    {
        if (next is ' ' or '\t' or '\n')
        {
            _destinationEnd = _text.Length - 1;
            _state = _parentheses == 0 ? State.AfterDestination : State.Failed;
            ReadAfterDestination(next);
        }
        else if (char.IsAscii(next) && char.IsControl(next))
        {
            _state = State.Failed;
        }
        else if (next is '(' or ')' && !isEscaped)
        {
            _parentheses += next == '(' ? 1 : -1;
            _state = _parentheses < 0 ? State.Failed : _state;
        }
        else
        {
            _isEscaped = next == '\\' && !isEscaped;
        }
    }

    private void ReadAfterDestination(char next)
    {
        if (_state == State.Failed || next is ' ' or '\t')
        {
            return;
        }

        if (next == '\n' && _lineEnd == 0)
        {
            _lineEnd = _text.Length;
            return;
        }

        if (next is '"' or '\'' or '(' && _text[^2] is ' ' or '\t' or '\n')
        {
            (_titleStart, _closer, _state) = (_text.Length, next == '(' ? ')' : next, State.Title);
        }
        else if (_lineEnd > 0)
        {
            DefineAndReadAgain();
        }
        else
        {
            _state = State.Failed;
        }
    }

    private void ReadTitle(char next, bool isEscaped)
    {
        if (isEscaped)
        {
            return;
        }

        if (next == _closer)
        {
            (_titleEnd, _state) = (_text.Length - 1, State.AfterTitle);
        }
        else if (next == '(' && _closer == ')')
        {
            FailTitle();
        }
        else
        {
            _isEscaped = next == '\\';
        }
    }

    private void ReadAfterTitle(char next)
    {
        if (next == '\n')
        {
            Define(_text.Length, hasTitle: true);
        }
        else if (next is not (' ' or '\t'))
        {
            FailTitle();
        }
    }

    // What seemed to be a title on a line of its own is the text of the paragraph.
    private void FailTitle()
    {
        if (_lineEnd > 0)
        {
            DefineAndReadAgain();
        }

        _state = State.Failed;
    }

    private void DefineAndReadAgain()
    {
        Define(_lineEnd, hasTitle: false);
        Read(_text[0]); // the first character of the next line; if it opens a label, nothing follows it yet
    }

    private void Define(int end, bool hasTitle)
    {
        onDefined(new LinkDefinition(
            _text.ToString(1, _labelEnd - 1),
            MarkdownEscapes.Decode(_text.ToString(_destinationStart, _destinationEnd - _destinationStart)),
            hasTitle ? MarkdownEscapes.Decode(_text.ToString(_titleStart, _titleEnd - _titleStart)) : null));
        _text.Remove(0, end);
        HasOneLine = true; // at most the first character of the next line is left
        (_state, _lineEnd) = (State.Start, 0);
    }
}
