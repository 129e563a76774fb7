namespace Streamline;

/// <summary>The directories of one file: those that were made for it, or for another file that is still being written, go again if no file comes.</summary>
/// <remarks>Files that are written at the same time may share a new directory. It stays as long as one of them needs it, not only the one that made it: the counts are those of the process.</remarks>
/// <param name="files">The file system.</param>
internal sealed class CreatedDirectories(IFileSystem files)
{
    private static readonly Lock Sync = new();
    private static readonly Dictionary<string, int> Users = new(StringComparer.Ordinal); // of each directory that was made and may have to go

    private readonly List<string> _used = []; // longest first

    /// <summary>Makes a directory and those around it, as far as they are missing, and keeps them.</summary>
    public void Create(string directory)
    {
        lock (Sync)
        {
            var isMissing = true;
            for (var part = directory; part is not null; part = Path.GetDirectoryName(part))
            {
                isMissing = isMissing && !files.DirectoryExists(part);
                if (isMissing || Users.ContainsKey(part))
                {
                    Users[part] = Users.GetValueOrDefault(part) + 1;
                    _used.Add(part);
                }
            }

            files.CreateDirectory(directory);
        }
    }

    /// <summary>Gives up the directories, and removes those that are empty and that nobody else needs.</summary>
    public void RemoveEmpty()
    {
        lock (Sync)
        {
            Release().ForEach(files.DeleteEmptyDirectory);
        }
    }

    /// <summary>Gives up the directories, which have their file.</summary>
    public void Keep()
    {
        lock (Sync)
        {
            Release();
        }
    }

    private List<string> Release()
    {
        var unused = _used.FindAll(static directory => --Users[directory] == 0);
        unused.ForEach(static directory => Users.Remove(directory));
        _used.Clear();
        return unused;
    }
}
