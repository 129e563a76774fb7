using System.Diagnostics.CodeAnalysis;

namespace Streamline;

/// <summary>A file that is written beside its target, and takes its place in one step. Until then, the target stays as it was.</summary>
/// <param name="files">The file system.</param>
/// <param name="target">The full path of the target.</param>
[SuppressMessage("Design", "CA1001", Justification = "A file ends by a commit or a rollback, and each closes it.")]
internal sealed class AtomicFile(IFileSystem files, string target)
{
    private readonly CreatedDirectories _directories = new(files);
    private Stream? _file;

    public string Target { get; } = target;

    /// <summary>Gets the file that is written, which lies in the directory of the target.</summary>
    public string Temporary { get; } = Path.Combine(Path.GetDirectoryName(target)!, $".{Guid.NewGuid():N}{FileRoot.TemporaryExtension}");

    /// <summary>Creates the file, and the directories that it needs.</summary>
    public void Open()
    {
        _directories.Create(Path.GetDirectoryName(Target)!);
        _file = files.Create(Temporary);
        if (files.FileExists(Target))
        {
            files.CopyMode(Target, Temporary);
        }
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => _file!.WriteAsync(bytes, cancellationToken);

    /// <summary>Begins again with nothing.</summary>
    public void Clear()
    {
        _file!.SetLength(0);
        _file.Position = 0;
    }

    /// <summary>Closes the file after all of it has reached the disk.</summary>
    public async ValueTask CloseAsync()
    {
        if (_file is not null)
        {
            files.Flush(_file);
            await _file.DisposeAsync().ConfigureAwait(false);
            _file = null;
        }
    }

    /// <summary>Takes the place of the target.</summary>
    public void Commit() => files.Move(Temporary, Target);

    /// <summary>Ends the work after a commit that cannot be undone any more.</summary>
    public void Keep() => _directories.Keep();

    /// <summary>Removes the file, if it has not taken the target's place, and the directories that were made for it.</summary>
    public async ValueTask RollBackAsync()
    {
        try
        {
            if (_file is not null)
            {
                await _file.DisposeAsync().ConfigureAwait(false);
                _file = null;
            }

            if (files.FileExists(Temporary))
            {
                files.Delete(Temporary);
            }
        }
        finally
        {
            _directories.RemoveEmpty();
        }
    }
}
