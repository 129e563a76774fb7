using System.Text.Json;

namespace Streamline;

/// <summary>A block of content began. Blocks of one response have distinct indexes and may interleave.</summary>
public sealed class ContentStarted : StreamEvent
{
    /// <summary>Gets the index of the block within the response, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Gets what the block holds.</summary>
    public required ContentKind Kind { get; init; }

    /// <summary>
    /// Gets the provider's own data about the block as far as it is known at its beginning, unchanged, such as the id and the phase of a message;
    /// <see langword="null"/> when there is none.
    /// </summary>
    public JsonElement? ProviderData { get => RawProviderData?.Element; init => RawProviderData = RawJson.Of(value); }

    /// <summary>Gets the index of the answer that the block belongs to, where a request asked for several.</summary>
    /// <value>The default is 0.</value>
    public int Choice { get; init; }

    internal RawJson? RawProviderData { get; init; }
}
