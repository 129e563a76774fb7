using Streamline.Json;

namespace Streamline.Structured;

/// <summary>What a value is read with while it grows.</summary>
internal abstract class PreviewNode
{
    /// <summary>How many objects and collections there are around the value, itself included.</summary>
    public int Depth { get; set; }

    /// <summary>Reads the value as far as it has arrived.</summary>
    /// <param name="element">The value, in a snapshot that is not older than that of the last call.</param>
    /// <param name="value">
    /// What an earlier call gave stays as it was. Where a new object would copy much more than has arrived, it is the object of the last call, as long as the value grows.
    /// </param>
    /// <returns><see langword="false"/> when the type cannot be made of what there is.</returns>
    public abstract bool TryRead(PartialJsonElement element, out object? value);
}
