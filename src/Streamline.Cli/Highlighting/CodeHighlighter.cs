using TextMateSharp.Grammars;
using TextMateSharp.Themes;

namespace Streamline.Cli.Highlighting;

/// <summary>Finds the tokens of code that arrives in pieces. Each line is read again as it grows, from the state of the line before; whole lines are never looked at again.</summary>
internal sealed class CodeHighlighter
{
    // Nobody reads a longer line; it has one colour, so that its tokens are not searched again with each piece.
    private const int MaxLineChars = 2_000;

    private readonly IGrammar _grammar;
    private readonly Theme _theme;
    private IStateStack? _state;
    private string _line = "";
    private int _unstable;
    private bool _isLong; // the beginning of the line has been given already

    private CodeHighlighter(IGrammar grammar, Theme theme) => (_grammar, _theme) = (grammar, theme);

    /// <summary>Makes a highlighter.</summary>
    /// <param name="language">The language as a fence names it, such as <c>cs</c> or <c>python</c>.</param>
    /// <param name="theme">The colours: <c>dark</c> or <c>light</c>.</param>
    /// <returns>A highlighter for one block; <see langword="null"/> when the language is unknown.</returns>
    public static CodeHighlighter? Create(string language, string theme) =>
        CodeGrammars.Find(language, theme) is var (grammar, colors) && grammar is not null ? new CodeHighlighter(grammar, colors) : null;

    /// <summary>Adds a piece of the code.</summary>
    public HighlightUpdate Append(string text)
    {
        List<CodeToken> stable = [];
        _line += text;
        for (var end = _line.IndexOf('\n', StringComparison.Ordinal); end >= 0; end = _line.IndexOf('\n', StringComparison.Ordinal))
        {
            _state = Tokenize(_line[..end], stable);
            stable.Add(new CodeToken("\n", null));
            _line = _line[(end + 1)..];
            _isLong = false;
        }

        List<CodeToken> unstable = [];
        if (_isLong || _line.Length > MaxLineChars)
        {
            _isLong = true;
            Add(stable, _line, null);
            _line = "";
        }
        else
        {
            Tokenize(_line, unstable);
        }

        return Update(stable, unstable);
    }

    /// <summary>Ends the code.</summary>
    public HighlightUpdate Complete()
    {
        List<CodeToken> stable = [];
        _state = Tokenize(_line, stable);
        _line = "";
        return Update(stable, []);
    }

    private HighlightUpdate Update(List<CodeToken> stable, List<CodeToken> unstable)
    {
        var update = new HighlightUpdate { RecalledTokens = _unstable, Stable = stable, Unstable = unstable };
        _unstable = unstable.Count;
        return update;
    }

    private IStateStack? Tokenize(string line, List<CodeToken> tokens)
    {
        if (line.Length == 0)
        {
            return _state;
        }

        if (_isLong || line.Length > MaxLineChars)
        {
            Add(tokens, line, null);
            return _state;
        }

        var result = CodeGrammars.Tokenize(_grammar, line, _state);
        var end = 0;
        foreach (var token in result.Tokens)
        {
            var (start, next) = (Math.Max(end, Math.Min(token.StartIndex, line.Length)), Math.Min(token.EndIndex, line.Length));
            if (next > start)
            {
                Add(tokens, line[start..next], ColorOf(token));
                end = next;
            }
        }

        if (end < line.Length)
        {
            Add(tokens, line[end..], null);
        }

        return result.RuleStack;
    }

    private static void Add(List<CodeToken> tokens, string text, string? color)
    {
        if (text.Length == 0)
        {
            return;
        }

        if (tokens.Count > 0 && tokens[^1] is var last && last.Color == color && last.Text != "\n")
        {
            tokens[^1] = last with { Text = last.Text + text };
        }
        else
        {
            tokens.Add(new CodeToken(text, color));
        }
    }

    private string? ColorOf(IToken token)
    {
        foreach (var rule in _theme.Match(token.Scopes))
        {
            if (rule.foreground > 0)
            {
                return _theme.GetColor(rule.foreground);
            }
        }

        return null;
    }
}
