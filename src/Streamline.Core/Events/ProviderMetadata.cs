using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Streamline;

/// <summary>Data that only this protocol has, such as log probabilities or moderation results.</summary>
public sealed class ProviderMetadata : StreamEvent
{
    /// <summary>Initializes a new instance of the <see cref="ProviderMetadata"/> class.</summary>
    public ProviderMetadata()
    {
    }

    [SetsRequiredMembers]
    internal ProviderMetadata(string name, RawJson value, int? index = null) => (Name, RawValue, Index) = (name, value, index);

    /// <summary>Gets the protocol's name for it, such as <c>logprobs</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the value, unchanged.</summary>
    public required JsonElement Value { get => RawValue.Element; init => RawValue = value; }

    /// <summary>Gets the index of the block that it belongs to; <see langword="null"/> if it belongs to the whole response.</summary>
    public int? Index { get; init; }

    internal RawJson RawValue { get; private init; } = null!;
}
