using System.Text.Json.Serialization;
using Streamline.Json;

namespace Streamline;

/// <summary>The arguments of a tool call grew. This is a preview: do not act on it.</summary>
public sealed class ToolInputDelta : StreamEvent
{
    /// <summary>Gets the index of the block within the response.</summary>
    public required int Index { get; init; }

    /// <summary>Gets the id of the call.</summary>
    public required string CallId { get; init; }

    /// <summary>Gets the next piece of the arguments' JSON text, or of the input of a free-form tool, unchanged. Never empty.</summary>
    public required string Fragment { get; init; }

    /// <summary>
    /// Gets the arguments as far as they have arrived: immutable, and valid for as long as it is kept. It stops before the
    /// first byte that is not JSON. Undefined in an event that was read back from its JSON form.
    /// </summary>
    [JsonIgnore]
    public PartialJsonElement Input { get; init; }

    internal override bool CommitsResponse => true;
}
