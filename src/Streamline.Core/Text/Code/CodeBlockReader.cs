namespace Streamline.Text;

/// <summary>Finds the fenced code in a Markdown text while it arrives.</summary>
/// <remarks>
/// <para>
/// Fences are those of CommonMark 0.31: three or more backticks or tildes, indented by up to three spaces, also within quotes and lists; a longer fence may hold shorter ones. Indented code is surrounding text.
/// However the text is cut into pieces, the events are the same, apart from where the text of one block, or the text between two blocks, is cut.
/// </para>
/// <para>Text waits only while it is undecided what it is: the beginning of a line that may be a fence. For one thread at a time. To read a whole stream, see <see cref="StreamEventExtensions.ReadCodeBlocksAsync(IAsyncEnumerable{string}, CodeBlockOptions?, CancellationToken)"/>.</para>
/// </remarks>
public sealed class CodeBlockReader
{
    private readonly CodeBlockSink _sink;
    private readonly MarkdownParser _parser;
    private StreamLimitException? _error;
    private bool _isCompleted;

    /// <summary>Initializes a new instance of the <see cref="CodeBlockReader"/> class.</summary>
    /// <param name="options">The settings, which are copied; <see langword="null"/> for the defaults.</param>
    public CodeBlockReader(CodeBlockOptions? options = null)
        : this(options, firstId: 0)
    {
    }

    internal CodeBlockReader(CodeBlockOptions? options, int firstId)
    {
        var settings = options ?? new CodeBlockOptions();
        _sink = new CodeBlockSink(settings.MaxBlockChars, firstId);
        _parser = new MarkdownParser(_sink, settings.ToMarkdown());
    }

    /// <summary>The number of the next block, once no block is open.</summary>
    internal int NextId => _sink.Id;

    internal long Examined => _parser.Examined;

    /// <summary>Reads the next piece of the text.</summary>
    /// <param name="text">The piece, of any length.</param>
    /// <returns>What the piece decides, in the order of the text. The list is the caller's.</returns>
    /// <exception cref="InvalidOperationException">The text has been completed.</exception>
    /// <exception cref="StreamLimitException">
    /// The text went past a limit of <see cref="CodeBlockOptions"/>. What was decided before is returned first; the exception is then thrown by the next call.
    /// </exception>
    public IReadOnlyList<CodeBlockEvent> Append(ReadOnlySpan<char> text)
    {
        ThrowIfFailed();
        if (_isCompleted)
        {
            throw new InvalidOperationException("The text has been completed.");
        }

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

    /// <summary>Declares the end of the text. A block that is open is then incomplete. A second call has no effect.</summary>
    /// <returns>What the end decides.</returns>
    /// <exception cref="StreamLimitException">The text went past a limit.</exception>
    public IReadOnlyList<CodeBlockEvent> Complete()
    {
        if (_isCompleted)
        {
            return [];
        }

        ThrowIfFailed();
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

    private IReadOnlyList<CodeBlockEvent> TakeEvents()
    {
        var events = _sink.TakeEvents();
        if (events.Count == 0)
        {
            ThrowIfFailed();
        }

        return events;
    }
}
