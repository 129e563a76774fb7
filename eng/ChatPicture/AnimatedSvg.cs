using System.Globalization;
using System.Net;
using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ChatPicture;

/// <summary>Writes frames as an SVG that plays them again and again. A line that stays the same is written once; where nothing moves, the last frame is shown.</summary>
internal static class AnimatedSvg
{
    private const double CellWidth = 8.4;
    private const double LineHeight = 18;
    private const double Margin = 16;
    private const double TitleHeight = 30;
    private const string Background = "#16181d";
    private const string Foreground = "#d7dae0";

    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(5);

    public static string Write(IReadOnlyList<Frame> frames)
    {
        var rows = frames.Max(frame => frame.Lines.Count);
        var (width, height) = ((Recording.Width * CellWidth) + (2 * Margin), (rows * LineHeight) + TitleHeight + Margin);
        var length = frames[^1].At + Hold;
        var svg = new StringBuilder()
            .Append(Invariant($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-label="The chat sample in a terminal">"""))
            .Append(Invariant($"""<rect width="{width}" height="{height}" rx="8" fill="{Background}"/>"""))
            .Append("""<circle cx="20" cy="16" r="5.5" fill="#ff5f57"/><circle cx="38" cy="16" r="5.5" fill="#febc2e"/><circle cx="56" cy="16" r="5.5" fill="#28c840"/>""")
            .Append(Invariant($"""<g font-family="ui-monospace,'Cascadia Mono','SF Mono',Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="14" fill="{Foreground}" xml:space="preserve">"""))
            .Append('\n');
        for (var row = 0; row < rows; row++)
        {
            WriteRow(svg, frames, row, length);
        }

        return svg.Append("</g></svg>\n").ToString();
    }

    private static void WriteRow(StringBuilder svg, IReadOnlyList<Frame> frames, int row, TimeSpan length)
    {
        var contents = frames.Select(frame => row < frame.Lines.Count ? Line(frame.Lines[row], row) : "").ToList();
        var start = 0;
        while (start < contents.Count)
        {
            var end = start + 1;
            while (end < contents.Count && contents[end] == contents[start])
            {
                end++;
            }

            if (contents[start].Length > 0)
            {
                WriteShown(svg, contents[start], frames[start].At / length, end < contents.Count ? frames[end].At / length : 1, isFirst: start == 0, length);
            }

            start = end;
        }
    }

    private static void WriteShown(StringBuilder svg, string content, double from, double to, bool isFirst, TimeSpan length)
    {
        var isLast = to >= 1;
        if (isFirst && isLast)
        {
            svg.Append("<g>").Append(content).Append("</g>\n");
            return;
        }

        var values = isFirst ? "visible;hidden" : isLast ? "hidden;visible" : "hidden;visible;hidden";
        var times = isFirst ? Invariant($"0;{to:0.####}") : isLast ? Invariant($"0;{from:0.####}") : Invariant($"0;{from:0.####};{to:0.####}");
        svg.Append(Invariant($"""<g visibility="{(isLast ? "visible" : "hidden")}"><animate attributeName="visibility" calcMode="discrete" repeatCount="indefinite" dur="{length.TotalSeconds}s" values="{values}" keyTimes="{times}"/>"""))
            .Append(content).Append("</g>\n");
    }

    private static string Line(IReadOnlyList<Segment> line, int row)
    {
        var text = new StringBuilder();
        var y = TitleHeight + ((row + 0.75) * LineHeight);
        var column = 0;
        for (var index = 0; index < line.Count;)
        {
            var style = line[index].Style;
            var piece = new StringBuilder();
            var cells = 0;
            for (; index < line.Count && line[index].Style.Equals(style); index++)
            {
                piece.Append(line[index].Text);
                cells += line[index].CellCount();
            }

            if (!string.IsNullOrWhiteSpace(piece.ToString()))
            {
                text.Append(Invariant($"""<text x="{Margin + (column * CellWidth):0.#}" y="{y:0.#}" textLength="{cells * CellWidth:0.#}" lengthAdjust="spacingAndGlyphs"{Attributes(style)}>{WebUtility.HtmlEncode(piece.ToString())}</text>"""));
            }

            column += cells;
        }

        return text.ToString();
    }

    private static string Attributes(Style style)
    {
        var attributes = new StringBuilder();
        if (style.Foreground != Color.Default)
        {
            attributes.Append(Invariant($""" fill="#{style.Foreground.ToHex()}" """).TrimEnd());
        }

        AddIf(Decoration.Bold, " font-weight=\"bold\"");
        AddIf(Decoration.Italic, " font-style=\"italic\"");
        AddIf(Decoration.Underline, " text-decoration=\"underline\"");
        AddIf(Decoration.Strikethrough, " text-decoration=\"line-through\"");
        return attributes.ToString();

        void AddIf(Decoration decoration, string attribute)
        {
            if (style.Decoration.HasFlag(decoration))
            {
                attributes.Append(attribute);
            }
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
