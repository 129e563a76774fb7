using System.Runtime.CompilerServices;

namespace Streamline.Tools.Tests.Files;

/// <summary>The file system of the machine, which fails at one operation: once, or from then on, as if the process had been killed.</summary>
/// <param name="failsAt">The number of the operation that fails, from 0; -1 for none.</param>
/// <param name="kills">Whether all later operations fail too.</param>
internal sealed class FaultyFileSystem(int failsAt, bool kills) : IFileSystem
{
    private readonly DiskFileSystem _files = DiskFileSystem.Instance;
    private readonly List<Stream> _open = [];
    private readonly List<int> _writes = [];
    private readonly List<string> _done = [];

    /// <summary>How many bytes each operation wrote to a file, without those that wrote none.</summary>
    public IReadOnlyList<int> Writes => _writes;

    /// <summary>The operations that succeeded.</summary>
    public IReadOnlyList<string> Done => _done;

    /// <summary>How many files are open.</summary>
    public int OpenFiles => _open.Count;

    /// <summary>How many operations there were.</summary>
    public int Operations { get; private set; }

    /// <summary>The operation that failed first.</summary>
    public string? Failed { get; private set; }

    /// <summary>Called before each operation, with its name.</summary>
    public Action<string>? Before { get; init; }

    /// <summary>Whether no file can be moved after the first failure.</summary>
    public bool AllMovesFailAfterwards { get; init; }

    public bool FileExists(string path) => Do(() => _files.FileExists(path));

    public bool DirectoryExists(string path) => Do(() => _files.DirectoryExists(path));

    public bool IsLink(string path) => Do(() => _files.IsLink(path));

    public void CreateDirectory(string path) => Do(() => _files.CreateDirectory(path));

    public void DeleteEmptyDirectory(string path) => Do(() => _files.DeleteEmptyDirectory(path));

    public Stream Create(string path) => Do(() => Watch(_files.Create(path)));

    public Stream OpenExclusive(string path) => Do(() => Watch(_files.OpenExclusive(path)));

    public void Flush(Stream file) => Do(() => _files.Flush(((FaultyStream)file).Inner));

    public string ReadText(string path) => Do(() => _files.ReadText(path));

    public void Copy(string from, string to) => Do(() => _files.Copy(from, to));

    public void CopyMode(string from, string to) => Do(() => _files.CopyMode(from, to));

    public void Move(string from, string to) => Do(() => _files.Move(from, to));

    public void Delete(string path) => Do(() => _files.Delete(path));

    public IReadOnlyList<string> Find(string directory, string pattern, bool isRecursive) => Do(() => _files.Find(directory, pattern, isRecursive));

    private void Do(Action operation, [CallerMemberName] string name = "") => Do(
        () =>
        {
            operation();
            return true;
        },
        name);

    private T Do<T>(Func<T> operation, [CallerMemberName] string name = "")
    {
        Before?.Invoke(name);
        var number = Operations++;
        if (number == failsAt || (Failed is not null && (kills || (AllMovesFailAfterwards && name == nameof(Move)))))
        {
            if (kills)
            {
                // The files and locks of a process are released with it.
                _open.ForEach(file => file.Dispose());
            }

            Failed ??= name;
            throw new IOException("The disk is on fire.");
        }

        var result = operation();
        _done.Add(name);
        return result;
    }

    private FaultyStream Watch(Stream inner)
    {
        _open.Add(inner);
        return new FaultyStream(this, inner);
    }

    private sealed class FaultyStream(FaultyFileSystem owner, Stream inner) : Stream
    {
        public Stream Inner => inner;

        public override bool CanRead => inner.CanRead;

        public override bool CanSeek => inner.CanSeek;

        public override bool CanWrite => inner.CanWrite;

        public override long Length => inner.Length;

        public override long Position { get => inner.Position; set => inner.Position = value; }

        public override void Flush() => owner.Do(inner.Flush);

        public override int Read(byte[] buffer, int offset, int count) => owner.Do(() => inner.Read(buffer, offset, count));

        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

        public override void SetLength(long value) => owner.Do(() => inner.SetLength(value));

        public override void Write(byte[] buffer, int offset, int count) => owner.Do(() => inner.Write(buffer, offset, count));

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            owner.Do(() => inner.Write(buffer.Span));
            if (!buffer.IsEmpty)
            {
                owner._writes.Add(buffer.Length);
            }

            return ValueTask.CompletedTask;
        }

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            owner._open.Remove(inner);
            base.Dispose(disposing);
        }
    }
}
