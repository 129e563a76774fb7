using System.Text.Json;

namespace Streamline;

/// <summary>A running tool reported its progress.</summary>
public sealed class ToolProgress : StreamEvent
{
    /// <summary>Gets the id of the call.</summary>
    public required string CallId { get; init; }

    /// <summary>Gets the name of the tool.</summary>
    public required string Name { get; init; }

    /// <summary>Gets what the tool reported.</summary>
    public required JsonElement Progress { get; init; }

    internal override bool CommitsResponse => true;
}
