using Streamline.Cli.Highlighting;
using Streamline.Cli.Output;
using Streamline.Text;

namespace Streamline.Cli.Markdown;

/// <summary>Draws the blocks of a Markdown text as they come. Without styles it writes Markdown again, in one form.</summary>
internal sealed class MarkdownPrinter(TextWriter output, Ansi? ansi, int width)
{
    private readonly BlockWriter _writer = new(output);
    private readonly Dictionary<int, Block> _open = [];
    private bool _hasBlocks;
    private int _leafId = -1;
    private LeafPrinter? _leaf;

    /// <summary>Gets the colours of code, <c>dark</c> or <c>light</c>; <see langword="null"/> for none.</summary>
    public string? Theme { get; init; }

    /// <summary>Gets a value indicating whether a line can be taken back.</summary>
    public bool IsLive { get; init; }

    public void Print(MarkdownEvent markdownEvent)
    {
        switch (markdownEvent)
        {
            case MarkdownBlockOpened opened:
                Open(opened);
                break;
            case MarkdownBlockText text when text.Id == _leafId:
                _leaf!.Append(TerminalText.Clean(text.Text));
                break;
            case MarkdownBlockChanged changed:
                Change(changed);
                break;
            case MarkdownBlockClosed closed:
                Close(closed.Id);
                break;
            case MarkdownRestarted:
                End();
                break;
        }
    }

    /// <summary>Ends the text, wherever it is.</summary>
    public void End()
    {
        foreach (var id in _open.Keys.OrderDescending().ToList())
        {
            Close(id);
        }

        _hasBlocks = false;
        _writer.EndLine();
    }

    private void Open(MarkdownBlockOpened opened)
    {
        var parent = opened.ParentId is { } id ? _open[id] : null;
        Separate(parent, opened.Kind);
        var block = new Block(opened.Kind) { NextNumber = opened.Start };
        _open.Add(opened.Id, block);
        switch (opened.Kind)
        {
            case MarkdownBlockKind.Quote:
                Push(ansi is null ? "> " : $"{Ansi.Dim}│{Ansi.Reset} ", null, 2);
                break;
            case MarkdownBlockKind.ListItem:
                var bullet = parent?.Kind == MarkdownBlockKind.OrderedList ? $"{parent.NextNumber++}. " : ansi is null ? "- " : "• ";
                Push(bullet, new string(' ', bullet.Length), bullet.Length);
                break;
            case MarkdownBlockKind.BulletList or MarkdownBlockKind.OrderedList:
                break;
            default:
                _leafId = opened.Id;
                _leaf = CreateLeaf(opened);
                break;
        }

        void Push(string first, string? rest, int columns) => _writer.Push(first, rest ?? first, columns);
    }

    private void Separate(Block? parent, MarkdownBlockKind kind)
    {
        var isFirst = parent is null ? !_hasBlocks : !parent.HasChildren;
        if (parent is null)
        {
            _hasBlocks = true;
        }
        else
        {
            parent.HasChildren = true;
        }

        var isTight = kind == MarkdownBlockKind.ListItem || (parent?.Kind == MarkdownBlockKind.ListItem && kind is MarkdownBlockKind.BulletList or MarkdownBlockKind.OrderedList);
        if (!isFirst && !isTight)
        {
            _writer.WriteBlankLine();
        }
    }

    private LeafPrinter CreateLeaf(MarkdownBlockOpened opened)
    {
        switch (opened.Kind)
        {
            case MarkdownBlockKind.FencedCode or MarkdownBlockKind.IndentedCode:
                var highlighter = ansi is not null && Theme is not null && opened.Code?.Language is { } language ? CodeHighlighter.Create(language, Theme) : null;
                return new CodePrinter(_writer, ansi, opened.Code, highlighter, IsLive ? width : 0);
            case MarkdownBlockKind.ThematicBreak:
                var rule = new LiteralPrinter(_writer);
                rule.Append(ansi is null ? "---" : Ansi.Dim + new string('─', Math.Clamp(width - _writer.MarkWidth, 3, 60)) + Ansi.Reset);
                return rule;
            case MarkdownBlockKind.Heading or MarkdownBlockKind.Paragraph:
                return new TextPrinter(_writer, ansi, opened.Level);
            default:
                return new LiteralPrinter(_writer);
        }
    }

    private void Change(MarkdownBlockChanged changed)
    {
        if (changed.Id != _leafId || _leaf is not TextPrinter text)
        {
            return;
        }

        if (changed.Kind == MarkdownBlockKind.Table)
        {
            // Where the head has been shown as text, before its first bar came, the rows are shown as text too.
            _leaf = text.Held.Length == 0 ? text : new TablePrinter(_writer, ansi, changed.Columns, text.Held);
        }
        else
        {
            text.UnderlineLevel = changed.Level;
        }
    }

    private void Close(int id)
    {
        if (!_open.Remove(id, out var block))
        {
            return;
        }

        if (id == _leafId)
        {
            _leaf!.Close();
            (_leaf, _leafId) = (null, -1);
        }
        else if (block.Kind is MarkdownBlockKind.Quote or MarkdownBlockKind.ListItem)
        {
            _writer.Pop();
        }
    }

    private sealed class Block(MarkdownBlockKind kind)
    {
        public MarkdownBlockKind Kind => kind;

        public int NextNumber { get; set; }

        public bool HasChildren { get; set; }
    }
}
