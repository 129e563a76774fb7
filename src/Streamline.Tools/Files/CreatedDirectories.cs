namespace Streamline;

/// <summary>Directories that were made for files, and go again if the files do not come.</summary>
/// <param name="files">The file system.</param>
internal sealed class CreatedDirectories(IFileSystem files)
{
    private readonly HashSet<string> _created = new(StringComparer.Ordinal);

    /// <summary>Makes a directory and those around it, as far as they are missing.</summary>
    public void Create(string directory)
    {
        for (var missing = directory; !files.DirectoryExists(missing); missing = Path.GetDirectoryName(missing)!)
        {
            _created.Add(missing);
        }

        files.CreateDirectory(directory);
    }

    /// <summary>Removes those that are empty.</summary>
    public void RemoveEmpty()
    {
        foreach (var directory in _created.OrderByDescending(directory => directory.Length))
        {
            files.DeleteEmptyDirectory(directory);
        }
    }
}
