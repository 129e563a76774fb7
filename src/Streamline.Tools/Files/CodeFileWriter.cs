using System.Text;
using Streamline.Text;

namespace Streamline;

/// <summary>Writes the code blocks of a model to files while they arrive, and puts all files in place together or none of them.</summary>
/// <remarks>
/// <para>
/// A block is written to a temporary file beside its target. <see cref="CommitAsync"/> validates all of them and puts them in place; before it, and whenever it fails, every target is as it was. A writer that is
/// disposed without a commit leaves nothing behind. If a later block names the same file, the later one is committed; a restart that discards it brings the earlier one back.
/// </para>
/// <para>
/// A writer that has thrown while it read a block commits nothing, as the files belong together: <see cref="CommitAsync"/> then says what failed. Other blocks can still be written, and a restart that discards the
/// block discards its failure.
/// </para>
/// <para>
/// If the process is killed, targets are as they were too; a commit of several files that was cut in the middle is undone when the next writer of the same directory opens its first file, or by <see cref="Recover"/>. The lines of
/// the files end with <c>\n</c>, and they are UTF-8 without a byte order mark. For one thread at a time.
/// </para>
/// </remarks>
public sealed class CodeFileWriter : IAsyncDisposable
{
    private readonly CodeFileWriterOptions _options;
    private readonly FileRoot _root;
    private readonly List<OpenFile> _open = [];
    private OpenFile? _growing;
    private (int Id, CodeFileException Reason)? _failure; // of the first block that failed
    private bool _isOver;

    /// <summary>Initializes a new instance of the <see cref="CodeFileWriter"/> class.</summary>
    /// <param name="options">The options; copied.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is <see langword="null"/>.</exception>
    public CodeFileWriter(CodeFileWriterOptions options)
        : this(options, DiskFileSystem.Instance)
    {
    }

    internal CodeFileWriter(CodeFileWriterOptions options, IFileSystem files)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Copy();
        _root = new FileRoot(files, options.Root);
    }

    /// <summary>Undoes what a killed process left in a directory: commits that were cut in the middle, and temporary files. Call it when nothing writes there.</summary>
    /// <param name="root">The directory.</param>
    /// <returns>How many commits were undone and temporary files removed.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="root"/> is <see langword="null"/>.</exception>
    public static int Recover(string root)
    {
        ArgumentNullException.ThrowIfNull(root);
        var directory = new FileRoot(DiskFileSystem.Instance, root);
        var undone = FileCommit.Recover(directory);
        var leftovers = directory.Files.Find(directory.Path, "*" + FileRoot.TemporaryExtension, isRecursive: true);
        foreach (var leftover in leftovers)
        {
            directory.Files.Delete(leftover);
        }

        return undone + leftovers.Count;
    }

    /// <summary>Reads the next event of the code blocks. Events that are of no interest are ignored.</summary>
    /// <param name="codeEvent">The event.</param>
    /// <param name="cancellationToken">Cancels the writing.</param>
    /// <exception cref="ArgumentNullException"><paramref name="codeEvent"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">The writer has committed or was disposed.</exception>
    /// <exception cref="CodeFileException">The block names a file that may not be written, or the file system refused.</exception>
    /// <exception cref="StreamLimitException">There are more than <see cref="CodeFileWriterOptions.MaxFiles"/> files.</exception>
    public async ValueTask WriteAsync(CodeBlockEvent codeEvent, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(codeEvent);
        ThrowIfOver();
        try
        {
            await WriteCoreAsync(codeEvent, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            var reason = await FailAsync(codeEvent, exception).ConfigureAwait(false);
            if (exception is IOException or UnauthorizedAccessException)
            {
                throw reason;
            }

            throw;
        }
    }

    /// <summary>Validates the files and puts them in place, all or none. The writer is then finished, also when this fails.</summary>
    /// <param name="cancellationToken">Cancels the validation. From the first move on, the commit is finished.</param>
    /// <returns>The files, in the order in which their blocks began; empty when no block named one.</returns>
    /// <exception cref="InvalidOperationException">The writer has committed or was disposed.</exception>
    /// <exception cref="CodeFileException">A block was not complete or could not be written, the validation found errors, or the file system refused. All targets are as they were.</exception>
    public async ValueTask<IReadOnlyList<CodeFile>> CommitAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfOver();
        try
        {
            if (_failure is { Reason: var reason })
            {
                throw new CodeFileException(reason.Error, reason.Message, reason.FileName, innerException: reason);
            }

            await DropAsync(IsReplaced).ConfigureAwait(false);
            if (_open.Find(open => !open.IsComplete) is { } incomplete)
            {
                throw new CodeFileException(CodeFileError.Incomplete, $"The closing fence of the code for '{incomplete.Name}' is missing.", incomplete.Name);
            }

            var files = _open.ConvertAll(open => open.ToCodeFile(_root.Files));
            await ValidateAsync(files, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            if (files.Count > 0)
            {
                await FileCommit.RunAsync(_root, _open.ConvertAll(open => open.File)).ConfigureAwait(false);
            }

            return files;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Refused(fileName: null, exception);
        }
        finally
        {
            await DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Removes what was not committed.</summary>
    public async ValueTask DisposeAsync()
    {
        _isOver = true;
        await DropAsync(_ => true).ConfigureAwait(false);
    }

    private async ValueTask ValidateAsync(List<CodeFile> files, CancellationToken cancellationToken)
    {
        if (_options.Validate is not { } validate || files.Count == 0)
        {
            return;
        }

        var found = await validate(files, cancellationToken).ConfigureAwait(false);
        var errors = found.Where(diagnostic => diagnostic.Severity == CodeDiagnosticSeverity.Error).ToList();
        if (errors.Count > 0)
        {
            throw new CodeFileException(CodeFileError.Rejected, $"The validation found {errors.Count} error(s). The first: {errors[0]}", errors[0].FileName, found);
        }
    }

    private async ValueTask WriteCoreAsync(CodeBlockEvent codeEvent, CancellationToken cancellationToken)
    {
        switch (codeEvent)
        {
            case CodeBlockStarted started:
                Start(started);
                break;
            case CodeBlockDelta { Id: { } id } delta when _growing?.Id == id:
                await _growing.WriteAsync(delta.Text, isLast: false, cancellationToken).ConfigureAwait(false);
                break;
            case CodeBlockEnded ended when _growing?.Id == ended.Id:
                await _growing.WriteAsync("", isLast: true, cancellationToken).ConfigureAwait(false);
                await _growing.File.CloseAsync().ConfigureAwait(false);
                _growing.IsComplete = ended.IsComplete;
                _growing = null;
                break;
            case CodeBlocksRestarted restarted:
                _failure = _failure?.Id >= restarted.FirstDiscardedId ? null : _failure;
                await DropAsync(open => open.Id >= restarted.FirstDiscardedId).ConfigureAwait(false);
                break;
            default:
                break;
        }
    }

    // A file that lacks some of its text is not kept.
    private async ValueTask<CodeFileException> FailAsync(CodeBlockEvent codeEvent, Exception exception)
    {
        var id = codeEvent switch { CodeBlockStarted started => started.Id, CodeBlockDelta { Id: { } ofDelta } => ofDelta, CodeBlockEnded ended => ended.Id, _ => 0 };
        var name = _open.Find(open => open.Id == id)?.Name ?? (codeEvent as CodeBlockStarted)?.Info.FileName;
        var reason = exception switch
        {
            CodeFileException known => known,
            IOException or UnauthorizedAccessException => Refused(name, exception),
            _ => new CodeFileException(CodeFileError.Incomplete, $"The code for '{name}' was not written to its end: {exception.Message}", name, innerException: exception),
        };
        _failure = _failure?.Id <= id ? _failure : (id, reason);
        await DropAsync(open => open.Id == id).ConfigureAwait(false);
        return reason;
    }

    private void Start(CodeBlockStarted started)
    {
        if (_options.NameFile(started.Info) is not { } name)
        {
            return;
        }

        try
        {
            Start(started, name);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Refused(name, exception);
        }
    }

    private void Start(CodeBlockStarted started, string name)
    {
        if (_root.ResolveName(name, out var target, out var problem) is { } error)
        {
            throw new CodeFileException(error, problem, name);
        }

        if (_open.Count == _options.MaxFiles)
        {
            throw new StreamLimitException(nameof(CodeFileWriterOptions.MaxFiles), _options.MaxFiles, _open.Count + 1);
        }

        if (_open.Count == 0)
        {
            FileCommit.Recover(_root);
        }

        _growing = null;
        var opened = new OpenFile(started, name, new AtomicFile(_root.Files, target));
        _open.Add(opened); // so that what opening it left is removed, should it fail
        opened.File.Open();
        _growing = opened;
    }

    // The earlier file waits for the commit: the response of the later one may be discarded.
    private bool IsReplaced(OpenFile file) => _open.FindLast(open => open.File.Target == file.File.Target) != file;

    private async ValueTask DropAsync(Predicate<OpenFile> isDropped)
    {
        foreach (var dropped in _open.FindAll(isDropped))
        {
            _open.Remove(dropped);
            _growing = _growing == dropped ? null : _growing;
            try
            {
                await dropped.File.RollBackAsync().ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // The target was not touched. What stays is removed by Recover.
            }
        }
    }

    private void ThrowIfOver()
    {
        if (_isOver)
        {
            throw new InvalidOperationException("The writer has committed or was disposed.");
        }
    }

    private static CodeFileException Refused(string? fileName, Exception exception) =>
        new(CodeFileError.FileSystem, $"The code was not written: {exception.Message}", fileName, innerException: exception);

    private sealed class OpenFile(CodeBlockStarted started, string name, AtomicFile file)
    {
        private readonly Encoder _encoder = Encoding.UTF8.GetEncoder();

        public int Id => started.Id;

        public string Name => name;

        public AtomicFile File => file;

        public bool IsComplete { get; set; }

        // Half of a surrogate pair waits for its other half.
        public async ValueTask WriteAsync(string text, bool isLast, CancellationToken cancellationToken)
        {
            var bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length + 1)];
            var count = _encoder.GetBytes(text, bytes, isLast);
            await file.WriteAsync(bytes.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
        }

        // What is validated is what was written.
        public CodeFile ToCodeFile(IFileSystem files) => new()
        {
            Name = name,
            Path = file.Target,
            Code = new CodeSnapshot { Id = started.Id, Info = started.Info, Text = files.ReadText(file.Temporary), IsComplete = true },
        };
    }
}
