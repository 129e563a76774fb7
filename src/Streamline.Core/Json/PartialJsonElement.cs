using System.Text.Json;

namespace Streamline.Json;

/// <summary>A view of a JSON value that may still be growing.</summary>
public readonly struct PartialJsonElement
{
    /// <summary>Gets the kind of the value.</summary>
    public JsonValueKind ValueKind { get; }
}
