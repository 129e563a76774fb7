using System.Text;
using Streamline.Cli.Highlighting;
using Streamline.Cli.Output;
using Streamline.Text;

namespace Streamline.Cli.Markdown;

/// <summary>Prints code, coloured by tokens: lines that are whole for good, and on a terminal the line that grows, drawn anew as it does.</summary>
internal sealed class CodePrinter : LeafPrinter
{
    private const string Indent = "    ";

    private readonly BlockWriter _writer;
    private readonly Ansi? _ansi;
    private readonly CodeHighlighter? _highlighter;
    private readonly int _liveWidth;
    private readonly bool _isFenced;
    private readonly string _fence = "";

    /// <param name="writer">Where.</param>
    /// <param name="ansi">The styles; <see langword="null"/> to print the fences.</param>
    /// <param name="code">What the fence says; <see langword="null"/> for indented code.</param>
    /// <param name="highlighter">Finds the tokens; <see langword="null"/> for one colour.</param>
    /// <param name="liveWidth">The columns of the terminal on which a growing line is drawn; 0 to print whole lines only.</param>
    public CodePrinter(BlockWriter writer, Ansi? ansi, CodeBlockInfo? code, CodeHighlighter? highlighter, int liveWidth)
    {
        (_writer, _ansi, _highlighter, _liveWidth) = (writer, ansi, highlighter, liveWidth);
        _isFenced = code is not null;
        if (code is null)
        {
            writer.Push(Indent, Indent, Indent.Length);
            return;
        }

        // A block of Markdown may hold fences of its own.
        _fence = code.Language?.ToLowerInvariant() is "md" or "markdown" ? "``````" : "```";
        var label = OneLine(string.Join("  ", new[] { code.Language, code.FileName }.OfType<string>()));
        writer.Write(ansi is null ? $"{_fence}{OneLine(code.Info)}\n" : $"{Ansi.Dim}── {(label.Length > 0 ? label : "code")}{Ansi.Reset}\n");
    }

    public override void Append(string text)
    {
        if (_highlighter is null)
        {
            _writer.Write(text);
            return;
        }

        Print(_highlighter.Append(text));
    }

    public override void Close()
    {
        if (_highlighter is not null)
        {
            Print(_highlighter.Complete());
        }

        _writer.EndLine();
        if (_isFenced)
        {
            _writer.Write(_ansi is null ? _fence + "\n" : $"{Ansi.Dim}──{Ansi.Reset}\n");
        }
        else
        {
            _writer.Pop();
        }
    }

    private static string OneLine(string text) => TerminalText.Clean(text.ReplaceLineEndings(" "));

    private void Print(HighlightUpdate update)
    {
        if (update.RecalledTokens > 0 && _liveWidth > 0)
        {
            _writer.EraseLine();
        }

        var text = new StringBuilder();
        AppendTokens(text, update.Stable);
        if (_liveWidth > 0 && _writer.MarkWidth + update.Unstable.Sum(token => TerminalText.Width(token.Text)) < _liveWidth)
        {
            AppendTokens(text, update.Unstable);
        }

        _writer.Write(text.ToString());
    }

    private void AppendTokens(StringBuilder text, IReadOnlyList<CodeToken> tokens)
    {
        foreach (var token in tokens)
        {
            if (token.Color is not null && _ansi is not null)
            {
                text.Append(_ansi.Foreground(token.Color)).Append(token.Text).Append(Ansi.Reset);
            }
            else
            {
                text.Append(token.Text);
            }
        }
    }
}
