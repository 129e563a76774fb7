using System.Text.Json;

namespace Streamline;

/// <summary>The answer to an <see cref="ApprovalRequested"/>.</summary>
public sealed class ApprovalAnswer
{
    /// <summary>Gets the decision.</summary>
    public required ApprovalDecision Decision { get; init; }

    /// <summary>Gets why the call was denied, in words for the model; <see langword="null"/> for no reason.</summary>
    public string? Reason { get; init; }

    /// <summary>Gets the arguments to use in place of the model's; <see langword="null"/> to leave them as they are.</summary>
    public JsonElement? EditedArguments { get; init; }
}
