namespace Streamline.Text;

/// <summary>Reads the block structure of Markdown while its text arrives, so that a user interface draws only what is new.</summary>
/// <remarks>
/// <para>
/// Blocks are those of CommonMark 0.31 and, unless <see cref="MarkdownOptions.Tables"/> is off, the tables of GitHub Flavored Markdown. However the text is cut into pieces, the events are the same,
/// apart from where the text of one block is cut. A closed block never changes; only its links may be defined later (<see cref="MarkdownBlockAmended"/>). Inline Markdown is left to the
/// renderer: <see cref="OpenLeaf"/> gives the text of the growing block in a form that can be drawn at any moment.
/// </para>
/// <para>
/// Text waits only while it is undecided what it is: at the beginning of a line, a few characters, but the whole line when it may be the beginning of fenced code or HTML, a thematic break, an underline or a delimiter row; and a
/// link reference definition. A line of a paragraph that begins with a pipe waits for the line after it, which may make it the header of a table. A header that follows a line of text must begin with a pipe: the beginning
/// of any other line has been returned by then, and is not taken back. For one thread at a time.
/// </para>
/// </remarks>
public sealed class MarkdownStream
{
    private readonly MarkdownEventSink _sink;
    private readonly MarkdownParser _parser;
    private StreamLimitException? _error;
    private bool _isCompleted;

    /// <summary>Initializes a new instance of the <see cref="MarkdownStream"/> class.</summary>
    /// <param name="options">The settings, which are copied; <see langword="null"/> for the defaults.</param>
    public MarkdownStream(MarkdownOptions? options = null)
        : this(options, firstId: 0)
    {
    }

    internal MarkdownStream(MarkdownOptions? options, int firstId)
    {
        var settings = options?.Copy() ?? new MarkdownOptions();
        _sink = new MarkdownEventSink(settings, firstId);
        _parser = new MarkdownParser(_sink, settings, firstId);
    }

    /// <summary>Gets the block whose text is growing.</summary>
    /// <value>A view of the text so far; <see langword="null"/> when no block with text is open.</value>
    public MarkdownLeaf? OpenLeaf => _parser.Tip is { IsAnnounced: true, IsLeaf: true } leaf ? new MarkdownLeaf(leaf.Id, leaf.Kind!.Value, _sink.LeafText.ToString()) : null;

    internal long Examined => _parser.Examined;

    internal int NextId => _sink.NextId;

    /// <summary>Reads the next piece of the text.</summary>
    /// <param name="text">The piece, of any length.</param>
    /// <returns>What the piece decides, in the order of the text. The list is the caller's.</returns>
    /// <exception cref="InvalidOperationException">The text has been completed.</exception>
    /// <exception cref="StreamLimitException">
    /// The text went past a limit of <see cref="MarkdownOptions"/>. What was decided before is returned first; the exception is then thrown by the next call.
    /// </exception>
    public IReadOnlyList<MarkdownEvent> Append(ReadOnlySpan<char> text)
    {
        ThrowIfEnded();
        try
        {
            _parser.Append(text);
        }
        catch (StreamLimitException exception)
        {
            _error = exception;
        }

        return TakeEvents();
    }

    /// <summary>Declares the end of the text, which closes every block. A second call has no effect.</summary>
    /// <returns>What the end decides.</returns>
    /// <exception cref="StreamLimitException">The text went past a limit.</exception>
    public IReadOnlyList<MarkdownEvent> Complete()
    {
        if (_isCompleted)
        {
            return [];
        }

        ThrowIfEnded();
        _isCompleted = true;
        try
        {
            _parser.Complete();
        }
        catch (StreamLimitException exception)
        {
            _error = exception;
        }

        return TakeEvents();
    }

    internal void ThrowIfFailed()
    {
        if (_error is not null)
        {
            throw _error;
        }
    }

    private IReadOnlyList<MarkdownEvent> TakeEvents()
    {
        var events = _sink.TakeEvents();
        if (events.Count == 0)
        {
            ThrowIfFailed();
        }

        return events;
    }

    private void ThrowIfEnded()
    {
        ThrowIfFailed();
        if (_isCompleted)
        {
            throw new InvalidOperationException("The text has been completed.");
        }
    }
}
