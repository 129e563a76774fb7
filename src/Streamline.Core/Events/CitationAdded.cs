using System.Text.Json;

namespace Streamline;

/// <summary>The provider named a source for the text of a block.</summary>
public sealed class CitationAdded : StreamEvent
{
    /// <summary>Gets the index of the block within the response.</summary>
    public required int Index { get; init; }

    /// <summary>Gets the provider's citation, verbatim.</summary>
    public required JsonElement Citation { get; init; }

    internal override bool CommitsResponse => true;
}
