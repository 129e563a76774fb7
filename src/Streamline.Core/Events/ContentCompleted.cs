using System.Text.Json;

namespace Streamline;

/// <summary>A block of content ended. Once per <see cref="ContentStarted"/>.</summary>
public sealed class ContentCompleted : StreamEvent
{
    /// <summary>Gets the index of the block within the response.</summary>
    public required int Index { get; init; }

    /// <summary>Gets what the block holds.</summary>
    public required ContentKind Kind { get; init; }

    /// <summary>Gets the provider's signature of a reasoning block, unchanged; it must go back with the block in the next request.</summary>
    public string? Signature { get; init; }

    /// <summary>Gets the provider's block, verbatim, where its kind has no deltas: encrypted reasoning, results of server tools, anything else.</summary>
    public JsonElement? Raw { get => RawBlock?.Element; init => RawBlock = RawJson.Of(value); }

    internal RawJson? RawBlock { get; init; }

    internal override bool CommitsResponse => true;
}
