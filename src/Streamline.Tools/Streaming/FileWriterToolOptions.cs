namespace Streamline;

/// <summary>Where and how a <see cref="FileWriterTool"/> writes.</summary>
/// <remarks>Not thread-safe. The tool takes a copy, so later changes have no effect.</remarks>
public sealed class FileWriterToolOptions
{
    /// <summary>Gets or sets the directory that the tool may write in. It must exist.</summary>
    public required string Root { get; set; }

    /// <summary>Gets or sets the name of the tool.</summary>
    /// <value>The default is <c>write_file</c>.</value>
    /// <exception cref="ArgumentException">The value is <see langword="null"/> or empty.</exception>
    public string Name
    {
        get;
        set
        {
            ArgumentException.ThrowIfNullOrEmpty(value, nameof(Name));
            field = value;
        }
    } = "write_file";

    /// <summary>Gets or sets the check of the whole file before it takes the place of the target: it gets the full path of the target and that of the file to check.</summary>
    /// <value>
    /// The default is <see langword="null"/>: no check. An exception rejects the file and leaves the target as it was; the model reads the message of a <see cref="ToolErrorException"/>.
    /// </value>
    public Func<string, string, CancellationToken, ValueTask>? Validate { get; set; }

    internal FileWriterToolOptions Copy()
    {
        var copy = (FileWriterToolOptions)MemberwiseClone();
        copy.Root = Path.GetFullPath(Root);
        return copy;
    }

    /// <summary>Finds the file that a path of the model names.</summary>
    /// <exception cref="ToolErrorException">It is outside of the root, by its name or by a link.</exception>
    internal string Resolve(string path)
    {
        var problem = new FileRoot(DiskFileSystem.Instance, Root).Resolve(path, out var target, out var message);
        return problem is null ? target : throw new ToolErrorException(message);
    }
}
