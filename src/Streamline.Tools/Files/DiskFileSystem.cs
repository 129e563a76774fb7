namespace Streamline;

/// <summary>The file system of the machine.</summary>
internal sealed class DiskFileSystem : IFileSystem
{
    public static DiskFileSystem Instance { get; } = new();

    public bool FileExists(string path) => File.Exists(path);

    public bool DirectoryExists(string path) => Directory.Exists(path);

    public bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;

    public void CreateDirectory(string path) => Directory.CreateDirectory(path);

    public void DeleteEmptyDirectory(string path)
    {
        if (Directory.Exists(path) && !Directory.EnumerateFileSystemEntries(path).Any())
        {
            Directory.Delete(path);
        }
    }

    public Stream Create(string path) => new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);

    public Stream OpenExclusive(string path) => new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);

    public void Flush(Stream file) => ((FileStream)file).Flush(flushToDisk: true);

    public string ReadText(string path) => File.ReadAllText(path);

    public void Copy(string from, string to)
    {
        File.Copy(from, to);
        using var copy = new FileStream(to, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        copy.Flush(flushToDisk: true);
    }

    public void CopyMode(string from, string to)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(to, File.GetUnixFileMode(from));
        }
    }

    public void Move(string from, string to) => File.Move(from, to, overwrite: true);

    public void Delete(string path) => File.Delete(path);

    public IReadOnlyList<string> Find(string directory, string pattern, bool isRecursive) =>
        Directory.GetFiles(directory, pattern, isRecursive ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly);
}
