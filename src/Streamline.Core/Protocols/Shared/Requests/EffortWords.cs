namespace Streamline.Protocols.Shared;

/// <summary>The words for how much a model is to reason. Providers share them, except the lowest and the highest.</summary>
/// <param name="none">The word for not at all; <see langword="null"/> where that is said otherwise.</param>
/// <param name="highest">The word for more than <c>high</c>; <c>high</c> itself where there is none.</param>
/// <param name="medium">The word between <c>low</c> and <c>high</c>; <c>high</c> where there is none.</param>
internal sealed class EffortWords(string? none, string highest, string medium = "medium")
{
    /// <summary>Gets the word for an effort; <see langword="null"/> for none.</summary>
    /// <exception cref="ArgumentException">The effort is not one that there is.</exception>
    public string? Of(ReasoningEffort? effort) => effort switch
    {
        null => null,
        ReasoningEffort.None => none,
        ReasoningEffort.Low => "low",
        ReasoningEffort.Medium => medium,
        ReasoningEffort.High => "high",
        ReasoningEffort.ExtraHigh => highest,
        _ => throw new ArgumentException($"The reasoning effort {effort} is not supported.", nameof(effort)),
    };

    /// <summary>Reads a word; <see langword="null"/> for one that is not known.</summary>
    public ReasoningEffort? Read(string? word) => word switch
    {
        null => null,
        "low" => ReasoningEffort.Low,
        "medium" => ReasoningEffort.Medium,
        "high" => ReasoningEffort.High,
        _ when word == none => ReasoningEffort.None,
        _ when word == highest => ReasoningEffort.ExtraHigh,
        _ => null,
    };
}
