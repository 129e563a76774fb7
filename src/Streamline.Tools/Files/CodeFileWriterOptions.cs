using Streamline.Text;

namespace Streamline;

/// <summary>Where and how a <see cref="CodeFileWriter"/> writes.</summary>
/// <remarks>Not thread-safe. The writer takes a copy, so later changes have no effect.</remarks>
public sealed class CodeFileWriterOptions
{
    /// <summary>The default of <see cref="MaxFiles"/>.</summary>
    internal const int DefaultMaxFiles = 100;

    /// <summary>Gets or sets the directory that may be written in. It must exist.</summary>
    public required string Root { get; set; }

    /// <summary>Gets or sets which file a block is written to: its name, relative to <see cref="Root"/>, or <see langword="null"/> for no file.</summary>
    /// <value>The default takes <see cref="CodeBlockInfo.FileName"/>.</value>
    public Func<CodeBlockInfo, string?> NameFile { get; set; } = static info => info.FileName;

    /// <summary>
    /// Gets or sets the check of all files together before the first takes its place. It returns what it found; one <see cref="CodeDiagnosticSeverity.Error"/> is enough to write none of them. <see cref="Each"/> makes one of a check of single blocks.
    /// </summary>
    /// <value>The default is <see langword="null"/>: no check.</value>
    public Func<IReadOnlyList<CodeFile>, CancellationToken, ValueTask<IReadOnlyList<CodeDiagnostic>>>? Validate { get; set; }

    /// <summary>Gets or sets the most files of one commit, counting those that are replaced by a later block.</summary>
    /// <value>1 or more. The default is 100.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxFiles
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxFiles));
            field = value;
        }
    } = DefaultMaxFiles;

    /// <summary>Makes a validation of a check of single blocks, such as <see cref="JsonCode.CheckAsync"/>, which is also good for live diagnostics.</summary>
    /// <param name="check">The check. Where it returns <see langword="null"/>, the file is valid.</param>
    /// <exception cref="ArgumentNullException"><paramref name="check"/> is <see langword="null"/>.</exception>
    public static Func<IReadOnlyList<CodeFile>, CancellationToken, ValueTask<IReadOnlyList<CodeDiagnostic>>> Each(
        Func<CodeSnapshot, CancellationToken, ValueTask<IReadOnlyList<CodeDiagnostic>?>> check)
    {
        ArgumentNullException.ThrowIfNull(check);
        return async (files, cancellationToken) =>
        {
            List<CodeDiagnostic> found = [];
            foreach (var file in files)
            {
                var ofFile = await check(file.Code, cancellationToken).ConfigureAwait(false) ?? [];
                found.AddRange(ofFile.Select(diagnostic => diagnostic with { FileName = diagnostic.FileName ?? file.Name }));
            }

            return found;
        };
    }

    internal CodeFileWriterOptions Copy() => (CodeFileWriterOptions)MemberwiseClone();
}
