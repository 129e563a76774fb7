using Streamline.Cli.Output;

namespace Streamline.Cli.Markdown;

/// <summary>Writes lines after the marks of the blocks around them: bars of quotes, bullets and numbers of list items.</summary>
internal sealed class BlockWriter(TextWriter output)
{
    private readonly List<Mark> _marks = [];
    private bool _isInLine;

    /// <summary>Gets how many columns the marks take.</summary>
    public int MarkWidth => _marks.Sum(mark => mark.Width);

    public void Push(string first, string rest, int width) => _marks.Add(new Mark { First = first, Rest = rest, Width = width });

    public void Pop()
    {
        // An empty item still shows its mark.
        if (_marks[^1].First is not null)
        {
            BeginBlankLine();
            EndLine();
        }

        _marks.RemoveAt(_marks.Count - 1);
    }

    public void Write(string text)
    {
        var start = 0;
        while (start < text.Length)
        {
            var end = text.IndexOf('\n', start);
            var line = text.AsSpan(start, (end < 0 ? text.Length : end) - start);
            if (!line.IsEmpty)
            {
                BeginLine();
            }
            else if (end >= 0)
            {
                BeginBlankLine();
            }

            output.Write(line);
            if (end < 0)
            {
                return;
            }

            output.Write('\n');
            _isInLine = false;
            start = end + 1;
        }
    }

    public void EndLine()
    {
        if (_isInLine)
        {
            output.Write('\n');
            _isInLine = false;
        }
    }

    public void WriteBlankLine()
    {
        EndLine();
        BeginBlankLine();
        EndLine();
    }

    /// <summary>Takes the line that is being written back. Nothing of it may have wrapped.</summary>
    public void EraseLine()
    {
        if (_isInLine)
        {
            output.Write(Ansi.EraseLine);
            _isInLine = false;
        }
    }

    private void BeginLine()
    {
        if (!_isInLine)
        {
            output.Write(TakeMarks());
            _isInLine = true;
        }
    }

    private void BeginBlankLine()
    {
        if (!_isInLine)
        {
            output.Write(TakeMarks().TrimEnd(' '));
            _isInLine = true;
        }
    }

    private string TakeMarks()
    {
        var marks = string.Concat(_marks.Select(mark => mark.First ?? mark.Rest));
        _marks.ForEach(mark => mark.First = null);
        return marks;
    }

    private sealed class Mark
    {
        public string? First { get; set; }

        public required string Rest { get; init; }

        public required int Width { get; init; }
    }
}
