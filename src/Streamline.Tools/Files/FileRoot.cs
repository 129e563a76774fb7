using System.Text;

namespace Streamline;

/// <summary>A directory, and what may be written in it by the names that a model gives.</summary>
/// <param name="files">The file system.</param>
/// <param name="path">The directory.</param>
internal sealed class FileRoot(IFileSystem files, string path)
{
    /// <summary>The extension of files that are being written, and of copies of those being replaced.</summary>
    public const string TemporaryExtension = ".streamline-tmp";

    /// <summary>The extension of the notes about a commit of several files.</summary>
    public const string JournalExtension = ".streamline-commit";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public IFileSystem Files { get; } = files;

    /// <summary>Gets the full path of the directory.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    private string Prefix => System.IO.Path.EndsInDirectorySeparator(Path) ? Path : Path + System.IO.Path.DirectorySeparatorChar;

    /// <summary>Tells whether a full path lies in the directory.</summary>
    public bool Contains(string fullPath) => fullPath.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Finds the file that a name of a model means, which is the same one on every system: a backslash separates directories, and a drive leads out of the directory.</summary>
    /// <param name="name">The name, relative to the directory or not.</param>
    /// <param name="target">The full path of the file.</param>
    /// <param name="problem">Why it may not be written.</param>
    /// <returns>Why it may not be written; <see langword="null"/> when it may.</returns>
    public CodeFileError? ResolveName(string name, out string target, out string problem)
    {
        const int DriveLength = 2;
        var drive = name.Length >= DriveLength && name[1] == ':' && char.IsAsciiLetter(name[0]) ? DriveLength : 0;
        target = "";
        if (drive > 0 && !(OperatingSystem.IsWindows() && System.IO.Path.IsPathFullyQualified(name)))
        {
            problem = $"'{name}' is not a file within the working directory.";
            return CodeFileError.OutsideRoot;
        }

        if (name.AsSpan(drive).Contains(':') || name.Any(char.IsControl) || !IsUnicode(name))
        {
            problem = "The name has a colon, a control character or half a surrogate pair.";
            return CodeFileError.InvalidName;
        }

        return Resolve(name.Replace('\\', '/'), out target, out problem);
    }

    /// <summary>Finds the file that a path means.</summary>
    /// <param name="name">The path, relative to the directory or not.</param>
    /// <param name="target">The full path of the file.</param>
    /// <param name="problem">Why it may not be written.</param>
    /// <returns>Why it may not be written; <see langword="null"/> when it may.</returns>
    public CodeFileError? Resolve(string name, out string target, out string problem)
    {
        problem = "";
        try
        {
            target = System.IO.Path.GetFullPath(name, Path);
        }
        catch (ArgumentException)
        {
            target = "";
            problem = $"'{name}' is not a valid path.";
            return CodeFileError.InvalidName;
        }

        var isWithin = Contains(target);
        if (!isWithin || target.Length == Prefix.Length || System.IO.Path.EndsInDirectorySeparator(target) || Files.DirectoryExists(target))
        {
            problem = $"'{name}' is not a file within the working directory.";
            return isWithin ? CodeFileError.InvalidName : CodeFileError.OutsideRoot;
        }

        if (target.EndsWith(TemporaryExtension, StringComparison.Ordinal) || target.EndsWith(JournalExtension, StringComparison.Ordinal))
        {
            problem = $"'{name}' has an extension that is reserved.";
            return CodeFileError.InvalidName;
        }

        for (var part = target; part.Length > Prefix.Length; part = System.IO.Path.GetDirectoryName(part)!)
        {
            if (Files.IsLink(part))
            {
                problem = $"'{name}' leads through a link, which is not allowed.";
                return CodeFileError.Link;
            }

            if (part.Length < target.Length && Files.FileExists(part))
            {
                problem = $"'{name}' leads through a file.";
                return CodeFileError.InvalidName;
            }
        }

        return null;
    }

    private static bool IsUnicode(string name)
    {
        try
        {
            return Strict.GetByteCount(name) >= 0;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }
}
