using Streamline.Cli.Output;

namespace Streamline.Cli.Markdown;

/// <summary>Prints a paragraph or a heading.</summary>
/// <param name="writer">Where.</param>
/// <param name="ansi">The styles; <see langword="null"/> to print Markdown as it is.</param>
/// <param name="level">Of a heading; 0 for a paragraph.</param>
internal sealed class TextPrinter(BlockWriter writer, Ansi? ansi, int level = 0) : LeafPrinter
{
    private readonly InlineStyler? _styler = ansi is null ? null : new InlineStyler(Style(level));
    private string _held = "";
    private bool _mayBeTable = level == 0;
    private bool _hasBegun;

    /// <summary>Gets what was not printed, because it may be the head of a table.</summary>
    public string Held => _held;

    /// <summary>Gets or sets the level of the heading that the paragraph turned out to be.</summary>
    public int UnderlineLevel { get; set; }

    public override void Append(string text)
    {
        // A line with a bar may be the head of a table. The next line decides.
        _mayBeTable &= _held.Length > 0 || (!_hasBegun && text.Contains('|', StringComparison.Ordinal));
        if (!_mayBeTable)
        {
            Print(text);
            return;
        }

        _held += text;
        var end = _held.IndexOf('\n', StringComparison.Ordinal);
        if (end >= 0 && end < _held.Length - 1)
        {
            Release();
        }
    }

    public override void Close()
    {
        Release();
        if (_styler is not null)
        {
            writer.Write(_styler.Complete() + Ansi.Reset);
        }

        writer.EndLine();
        if (UnderlineLevel > 0)
        {
            writer.Write(UnderlineLevel == 1 ? "======\n" : "------\n");
        }
    }

    private static string Style(int level) => level switch { 0 => "", 1 => Ansi.Bold + Ansi.Underline, _ => Ansi.Bold };

    private void Release()
    {
        var text = _held;
        (_held, _mayBeTable) = ("", false);
        if (text.Length > 0)
        {
            Print(text);
        }
    }

    private void Print(string text)
    {
        if (!_hasBegun && level > 0)
        {
            writer.Write(_styler is null ? new string('#', level) + " " : Style(level));
        }

        _hasBegun = true;
        writer.Write(_styler is null ? text : _styler.Append(text));
    }
}
