using System.Text;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Parsers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Streamline.Interop.Tests.Markdown;

/// <summary>Writes the blocks of a text in one form, as Markdig reads them and as events tell them.</summary>
internal static class BlockTree
{
    private static readonly MarkdownPipeline BlocksOnly = CreatePipeline();
    private static readonly MarkdownPipeline WithTables = new MarkdownPipelineBuilder().UsePipeTables().Build();

    public static string OfMarkdig(string text, bool tables = false)
    {
        var tree = new StringBuilder();
        foreach (var block in Markdig.Markdown.Parse(text, tables ? WithTables : BlocksOnly))
        {
            Write(tree, block, depth: 0);
        }

        return tree.ToString();
    }

    public static string OfEvents(IEnumerable<MarkdownEvent> events)
    {
        var tree = new StringBuilder();
        var blocks = new Dictionary<int, (MarkdownBlockOpened Opened, MarkdownBlockKind Kind, int Level, bool IsLoose, string Columns, StringBuilder Text, List<int> Children)>();
        List<int> roots = [];
        foreach (var markdownEvent in events)
        {
            switch (markdownEvent)
            {
                case MarkdownBlockOpened opened:
                    blocks.Add(opened.Id, (opened, opened.Kind, opened.Level, false, "", new StringBuilder(), []));
                    (opened.ParentId is { } parent ? blocks[parent].Children : roots).Add(opened.Id);
                    break;
                case MarkdownBlockText delta:
                    blocks[delta.Id].Text.Append(delta.Text);
                    break;
                case MarkdownBlockChanged changed:
                    var block = blocks[changed.Id];
                    blocks[changed.Id] = (block.Opened, changed.Kind, changed.Level, changed.IsLoose, string.Join(' ', changed.Columns), block.Text, block.Children);
                    break;
                default:
                    break;
            }
        }

        roots.ForEach(id => WriteBlock(id, 0));
        return tree.ToString();

        void WriteBlock(int id, int depth)
        {
            var (opened, kind, level, isLoose, columns, text, children) = blocks[id];
            var name = kind switch
            {
                MarkdownBlockKind.BulletList => $"list loose={isLoose}",
                MarkdownBlockKind.OrderedList => $"list from {opened.Start} loose={isLoose}",
                MarkdownBlockKind.Heading => $"heading {level}",
                MarkdownBlockKind.FencedCode => $"fenced '{opened.Code!.Info}'",
                _ => kind.ToString(),
            };
            var isTable = kind == MarkdownBlockKind.Table;
            Line(tree, depth, isTable ? $"Table of {text.ToString().Count(next => next == '\n') + 1} rows: {columns}" : name, isTable ? "" : text.ToString());
            children.ForEach(child => WriteBlock(child, depth + 1));
        }
    }

    private static MarkdownPipeline CreatePipeline()
    {
        var builder = new MarkdownPipelineBuilder();
        builder.InlineParsers.Clear();
        return builder.Build();
    }

    private static void Write(StringBuilder tree, Block block, int depth)
    {
        var name = block switch
        {
            LinkReferenceDefinitionGroup => null,
            QuoteBlock => nameof(MarkdownBlockKind.Quote),
            ListBlock { IsOrdered: true } list => $"list from {list.OrderedStart!.TrimStart('0').PadLeft(1, '0')} loose={list.IsLoose}",
            ListBlock list => $"list loose={list.IsLoose}",
            ListItemBlock => nameof(MarkdownBlockKind.ListItem),
            ParagraphBlock => nameof(MarkdownBlockKind.Paragraph),
            HeadingBlock heading => $"heading {heading.Level}",
            ThematicBreakBlock => nameof(MarkdownBlockKind.ThematicBreak),
            FencedCodeBlock fenced => $"fenced '{$"{fenced.Info} {fenced.Arguments}".Trim()}'",
            CodeBlock => nameof(MarkdownBlockKind.IndentedCode),
            HtmlBlock => nameof(MarkdownBlockKind.Html),
            Table table => $"Table of {table.Count} rows: {string.Join(' ', table.ColumnDefinitions.Take(table.OfType<TableRow>().First().Count).Select(column => column.Alignment?.ToString() ?? "None"))}",
            _ => block.GetType().Name,
        };
        if (name is null)
        {
            return;
        }

        Line(tree, depth, name, block is LeafBlock leaf ? TextOf(leaf) : "");
        if (block is ContainerBlock container and not Table)
        {
            foreach (var child in container)
            {
                Write(tree, child, depth + 1);
            }
        }
    }

    private static string TextOf(LeafBlock leaf) => leaf.Inline is null
        ? leaf.Lines.ToString()
        : string.Concat(leaf.Inline.Select(inline => inline is LiteralInline literal ? literal.Content.ToString() : inline is LineBreakInline ? "\n" : inline.ToString()));

    // What ends a block is not compared: Markdig keeps line ends and blanks that mean nothing.
    private static void Line(StringBuilder tree, int depth, string name, string text) =>
        tree.Append(' ', depth * 2).Append(name).Append(text.TrimEnd().Length == 0 ? "" : ": " + text.TrimEnd().Replace("\n", "⏎", StringComparison.Ordinal)).Append('\n');
}
