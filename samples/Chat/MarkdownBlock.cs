using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;
using Streamline;
using Streamline.Text;

namespace ChatSample;

/// <summary>A block of Markdown on the screen.</summary>
internal sealed class MarkdownBlock(MarkdownBlockOpened opened)
{
    private const int QuoteIndent = 2;

    private static readonly Style CodeStyle = Style.Parse("grey78");
    private static readonly Style Dim = Style.Parse("grey");

    private readonly StringBuilder _text = new();
    private MarkdownBlockKind _kind = opened.Kind;
    private IReadOnlyList<MarkdownAlignment> _columns = [];
    private int _level = opened.Level;
    private IRenderable? _final;

    public List<MarkdownBlock> Children { get; } = [];

    /// <summary>A closed block never changes, so it is drawn once.</summary>
    public bool IsClosed { get; set; }

    public void Append(string text) => _text.Append(text);

    public void Change(MarkdownBlockChanged changed) => (_kind, _level, _columns) = (changed.Kind, changed.Level, changed.Columns);

    /// <param name="safeText">The text in a form that can be drawn, if this is the block that grows.</param>
    public IRenderable Render(Func<MarkdownBlock, string?> safeText)
    {
        if (_final is not null)
        {
            return _final;
        }

        var drawn = Draw(safeText(this) ?? _text.ToString(), safeText);
        return IsClosed ? _final = drawn : drawn;
    }

    public static IRenderable Stack(IEnumerable<MarkdownBlock> blocks, Func<MarkdownBlock, string?> safeText) =>
        new Rows(blocks.SelectMany((block, index) => index == 0 ? new[] { block.Render(safeText) } : [Text.Empty, block.Render(safeText)]));

    private IRenderable Draw(string text, Func<MarkdownBlock, string?> safeText) => _kind switch
    {
        MarkdownBlockKind.Heading => InlineText.Render(text, new Style(decoration: _level == 1 ? Decoration.Bold | Decoration.Underline : Decoration.Bold)),
        MarkdownBlockKind.FencedCode or MarkdownBlockKind.IndentedCode => Code(text),
        MarkdownBlockKind.Table => Table(text),
        MarkdownBlockKind.ThematicBreak => new Rule { Style = Dim },
        MarkdownBlockKind.BulletList => List(safeText, _ => "•"),
        MarkdownBlockKind.OrderedList => List(safeText, index => $"{opened.Start + index}."),
        MarkdownBlockKind.Quote => new Padder(Stack(Children, safeText), new Padding(QuoteIndent, 0, 0, 0)),
        MarkdownBlockKind.ListItem => new Rows(Children.Select(child => child.Render(safeText))),
        MarkdownBlockKind.Html => new Text(text, Dim),
        _ => InlineText.Render(text, Style.Plain),
    };

    private Panel Code(string text)
    {
        var panel = new Panel(new Text(text.TrimEnd('\n'), CodeStyle)) { Border = BoxBorder.Rounded, BorderStyle = Dim };
        return opened.Code?.Language is { } language ? panel.Header(Markup.Escape(CleanText.OneLine(language, max: 20))) : panel;
    }

    private Grid List(Func<MarkdownBlock, string?> safeText, Func<int, string> mark)
    {
        var grid = new Grid().AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(1, 0, 1, 0) }).AddColumn(new GridColumn { Padding = new Padding(0, 0, 0, 0) });
        for (var index = 0; index < Children.Count; index++)
        {
            grid.AddRow(new Text(mark(index), Dim), Children[index].Render(safeText));
        }

        return grid;
    }

    private Table Table(string text)
    {
        var rows = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(row => MarkdownTable.SplitCells(row)).ToList();
        var table = new Table { Border = TableBorder.Rounded, BorderStyle = Dim };
        for (var column = 0; column < _columns.Count; column++)
        {
            table.AddColumn(new TableColumn(InlineText.Render(Cell(rows.FirstOrDefault(), column), new Style(decoration: Decoration.Bold)))
            {
                Alignment = _columns[column] switch { MarkdownAlignment.Right => Justify.Right, MarkdownAlignment.Center => Justify.Center, _ => Justify.Left },
            });
        }

        foreach (var row in rows.Skip(1))
        {
            table.AddRow(Enumerable.Range(0, _columns.Count).Select(column => InlineText.Render(Cell(row, column), Style.Plain)));
        }

        return table;
    }

    private static string Cell(IReadOnlyList<string>? row, int column) => row is not null && column < row.Count ? row[column] : "";
}
