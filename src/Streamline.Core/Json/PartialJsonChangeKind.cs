using System.Text.Json;

namespace Streamline.Json;

/// <summary>What happened to a value of a growing document.</summary>
public enum PartialJsonChangeKind
{
    /// <summary>The value began: its kind is known. A string is still empty, a container too; what is in them follows.</summary>
    Started,

    /// <summary>A string or number has more text: <see cref="PartialJsonChange.GetAddedText"/>.</summary>
    Grew,

    /// <summary>The value is complete. It does not change any more.</summary>
    Completed,
}
