namespace Streamline.Resilience;

/// <summary>The fences of Markdown's code blocks, as far as the place of a cut has to know.</summary>
internal static class CodeFence
{
    private const int MinLength = 3;

    /// <summary>Tells whether a text ends inside a code block.</summary>
    public static bool IsOpenAfter(ReadOnlySpan<char> text)
    {
        var (mark, length) = ('\0', 0);
        foreach (var line in text.EnumerateLines())
        {
            var (c, run) = Read(line);
            if (length == 0)
            {
                (mark, length) = (c, run);
            }
            else if (c == mark && run >= length && line.TrimStart()[run..].IsWhiteSpace())
            {
                length = 0;
            }
        }

        return length > 0;
    }

    /// <summary>Gets the length of the line that opens a code block, with its end, if a text begins with one; else 0.</summary>
    public static int OpeningLength(ReadOnlySpan<char> text)
    {
        var start = text.Length - text.TrimStart().Length;
        var end = text[start..].IndexOf('\n');
        return end >= 0 && Read(text.Slice(start, end)).Run > 0 ? start + end + 1 : 0;
    }

    /// <summary>Tells whether a line is a fence.</summary>
    public static bool Is(ReadOnlySpan<char> line) => Read(line).Run > 0;

    private static (char Mark, int Run) Read(ReadOnlySpan<char> line)
    {
        line = line.TrimStart();
        if (line.IsEmpty || line[0] is not ('`' or '~'))
        {
            return ('\0', 0);
        }

        var rest = line.TrimStart(line[0]);
        var run = line.Length - rest.Length;

        // `code` that begins a line is not a fence.
        return run >= MinLength && !(line[0] == '`' && rest.Contains('`')) ? (line[0], run) : ('\0', 0);
    }
}
