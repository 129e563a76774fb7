namespace Streamline.Protocols.Shared;

/// <summary>An entry of a <see cref="BlockTable{T}"/>.</summary>
/// <typeparam name="T">A block or an item.</typeparam>
/// <param name="index">The provider's index; <see langword="null"/> where it gives none.</param>
/// <param name="id">The provider's id; <see langword="null"/> where it gives none.</param>
/// <param name="type">The provider's type; <see langword="null"/> where it gives none.</param>
/// <param name="value">The block or item.</param>
internal sealed class BlockEntry<T>(long? index, string? id, string? type, T value)
{
    public long? Index { get; } = index;

    public string? Id { get; } = id;

    public string? Type { get; } = type;

    public T Value { get; } = value;

    /// <summary>Gets or sets a value indicating whether the block or item is complete.</summary>
    public bool IsEnded { get; set; }
}
