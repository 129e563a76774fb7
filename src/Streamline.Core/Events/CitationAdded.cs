using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Streamline;

/// <summary>The provider named a source for the text of a block.</summary>
public sealed class CitationAdded : StreamEvent
{
    /// <summary>Initializes a new instance of the <see cref="CitationAdded"/> class.</summary>
    public CitationAdded()
    {
    }

    [SetsRequiredMembers]
    internal CitationAdded(int index, RawJson citation) => (Index, RawCitation) = (index, citation);

    /// <summary>Gets the index of the block within the response.</summary>
    public required int Index { get; init; }

    /// <summary>Gets the provider's citation, unchanged.</summary>
    public required JsonElement Citation { get => RawCitation.Element; init => RawCitation = value; }

    internal RawJson RawCitation { get; private init; } = null!;

    internal override bool CommitsResponse => true;
}
