using System.Text;

namespace Streamline.Text;

/// <summary>Turns Markdown into text that can be read aloud, while it arrives.</summary>
/// <remarks>
/// <para>
/// Code blocks, HTML and thematic breaks are left out, and so are the marks of headings, lists, quotes, emphasis and code spans, brackets, the destinations and labels of links and images, the boxes of tasks, footnotes (<c>[^1]</c>), and of web
/// addresses all but the host. A number in brackets, such as <c>[1]</c>, is left out as a citation when it has one to three digits and is right before or after the punctuation of a clause, or at the end of a block; any other is
/// read as it is. HTML is what CommonMark takes for it: <c>a&lt;b</c> is text. The cells of a table row are separated by commas. Blocks, and rows of tables, end with a blank line, so that a <see cref="SentenceSplitter"/> ends the sentence there.
/// </para>
/// <para>However the text is cut into pieces, the result is the same. Text waits only while it is undecided what it is. For one thread at a time.</para>
/// </remarks>
public sealed class SpokenText
{
    private readonly MarkdownStream _blocks;
    private readonly Dictionary<int, MarkdownBlockKind> _kinds = []; // of the open blocks
    private readonly StringBuilder _spoken = new();
    private readonly HashSet<int> _begunItems = []; // that have a block
    private SpokenInlines _inlines;

    /// <summary>Initializes a new instance of the <see cref="SpokenText"/> class.</summary>
    /// <param name="options">The settings of the Markdown, which are copied; <see langword="null"/> for the defaults.</param>
    public SpokenText(MarkdownOptions? options = null)
    {
        _blocks = new MarkdownStream(options);
        _inlines = new SpokenInlines(_spoken, isItem: false);
    }

    /// <summary>Reads the next piece of the text.</summary>
    /// <param name="text">The piece, of any length.</param>
    /// <returns>What is to be spoken; may be empty.</returns>
    /// <exception cref="InvalidOperationException">The text has been completed.</exception>
    /// <exception cref="StreamLimitException">The text went past a limit of <see cref="MarkdownOptions"/>.</exception>
    public string Append(ReadOnlySpan<char> text) => Speak(_blocks.Append(text));

    /// <summary>Declares the end of the text. A second call has no effect.</summary>
    /// <returns>What is left to be spoken; may be empty.</returns>
    /// <exception cref="StreamLimitException">The text went past a limit of <see cref="MarkdownOptions"/>.</exception>
    public string Complete() => Speak(_blocks.Complete());

    private string Speak(IReadOnlyList<MarkdownEvent> events)
    {
        foreach (var markdownEvent in events)
        {
            switch (markdownEvent)
            {
                case MarkdownBlockOpened opened:
                    _kinds[opened.Id] = opened.Kind;
                    _inlines = new SpokenInlines(_spoken, isItem: opened.ParentId is { } parent && _kinds[parent] == MarkdownBlockKind.ListItem && _begunItems.Add(parent));
                    break;
                case MarkdownBlockChanged changed:
                    _kinds[changed.Id] = changed.Kind;
                    break;
                case MarkdownBlockText text when IsSpoken(text.Id):
                    _inlines.Append(text.Text, isTable: _kinds[text.Id] == MarkdownBlockKind.Table);
                    break;
                case MarkdownBlockClosed closed:
                    if (IsSpoken(closed.Id))
                    {
                        _inlines.Complete();
                    }

                    _kinds.Remove(closed.Id);
                    _begunItems.Remove(closed.Id);
                    break;
                default:
                    break;
            }
        }

        var spoken = _spoken.ToString();
        _spoken.Clear();
        return spoken;
    }

    private bool IsSpoken(int id) => _kinds[id] is MarkdownBlockKind.Paragraph or MarkdownBlockKind.Heading or MarkdownBlockKind.Table;
}
