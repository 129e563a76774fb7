using Streamline.Text;

namespace Streamline;

/// <summary>A file that code of a model is written to. Immutable.</summary>
public sealed class CodeFile
{
    internal CodeFile()
    {
    }

    /// <summary>Gets the name, as <see cref="CodeFileWriterOptions.NameFile"/> gave it.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the full path of the target.</summary>
    public required string Path { get; init; }

    /// <summary>Gets the code, which is whole.</summary>
    public required CodeSnapshot Code { get; init; }
}
