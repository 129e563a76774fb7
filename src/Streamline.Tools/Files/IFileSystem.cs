namespace Streamline;

/// <summary>What atomic files need of a file system: a seam for tests, which fail at any operation.</summary>
internal interface IFileSystem
{
    bool FileExists(string path);

    bool DirectoryExists(string path);

    bool IsLink(string path);

    void CreateDirectory(string path);

    /// <summary>Deletes a directory if it is empty.</summary>
    void DeleteEmptyDirectory(string path);

    /// <summary>Creates a file that does not exist, and keeps others from opening it until it is closed.</summary>
    Stream Create(string path);

    /// <summary>Opens a file that nobody else has open, to read it.</summary>
    /// <exception cref="IOException">Another process has it open.</exception>
    Stream OpenExclusive(string path);

    /// <summary>Writes through to the disk.</summary>
    void Flush(Stream file);

    string ReadText(string path);

    void Copy(string from, string to);

    void CopyMode(string from, string to);

    /// <summary>Moves a file within its directory, in one step, over another one if there is one.</summary>
    void Move(string from, string to);

    void Delete(string path);

    IReadOnlyList<string> Find(string directory, string pattern, bool isRecursive);
}
