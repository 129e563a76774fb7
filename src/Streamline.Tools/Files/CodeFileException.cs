using Streamline.Text;

namespace Streamline;

/// <summary>Why code was not written to a file.</summary>
public enum CodeFileError
{
    /// <summary>The name is not that of a file, or is reserved.</summary>
    InvalidName,

    /// <summary>The name leads out of the directory that may be written in.</summary>
    OutsideRoot,

    /// <summary>The name leads through a symbolic link.</summary>
    Link,

    /// <summary>The closing fence of a block has not arrived.</summary>
    Incomplete,

    /// <summary>The validation found errors.</summary>
    Rejected,

    /// <summary>The file system refused an operation; see the inner exception.</summary>
    FileSystem,
}

/// <summary>Code of a model was not written. No target file was changed.</summary>
public sealed class CodeFileException : Exception
{
    /// <summary>Initializes a new instance of the <see cref="CodeFileException"/> class.</summary>
    /// <param name="error">Why.</param>
    /// <param name="message">What was found, and what was expected.</param>
    /// <param name="fileName">The name of the file, as <see cref="CodeFileWriterOptions.NameFile"/> gave it; <see langword="null"/> when no single file is meant.</param>
    /// <param name="diagnostics">What the validation found.</param>
    /// <param name="innerException">The cause.</param>
    public CodeFileException(CodeFileError error, string message, string? fileName = null, IReadOnlyList<CodeDiagnostic>? diagnostics = null, Exception? innerException = null)
        : base(message, innerException) => (Error, FileName, Diagnostics) = (error, fileName, diagnostics ?? []);

    /// <summary>Gets why the code was not written.</summary>
    public CodeFileError Error { get; }

    /// <summary>Gets the name of the file, as <see cref="CodeFileWriterOptions.NameFile"/> gave it; <see langword="null"/> when no single file is meant.</summary>
    public string? FileName { get; }

    /// <summary>Gets what the validation found; empty for other errors.</summary>
    public IReadOnlyList<CodeDiagnostic> Diagnostics { get; }
}
