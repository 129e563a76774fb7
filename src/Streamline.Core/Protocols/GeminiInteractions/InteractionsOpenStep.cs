using System.Text.Json;

namespace Streamline.Protocols.GeminiInteractions;

/// <summary>A step that was open when a stream was left.</summary>
/// <param name="Step">The step as far as it is known, without what has grown.</param>
/// <param name="Arguments">The arguments of a call so far; <see langword="null"/> for a step that is not a call.</param>
internal sealed record InteractionsOpenStep(JsonElement Step, string? Arguments)
{
    /// <summary>Gets the provider's index of the step; <see langword="null"/> where it gave none.</summary>
    public long? Index { get; init; }
}
