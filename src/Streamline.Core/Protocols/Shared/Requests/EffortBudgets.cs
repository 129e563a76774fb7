namespace Streamline.Protocols.Shared;

/// <summary>How many tokens a model may reason with, for models that are told so.</summary>
/// <param name="None">The budget for as little as possible: 0 where reasoning can be turned off by it.</param>
/// <param name="Low">The budget for a low effort.</param>
/// <param name="Medium">The budget for a medium effort.</param>
/// <param name="High">The budget for a high effort, and for more than that.</param>
internal sealed record EffortBudgets(int None, int Low, int Medium, int High)
{
    /// <summary>Gets the budget for an effort; <see langword="null"/> for none.</summary>
    public int? Of(ReasoningEffort? effort) => effort switch
    {
        null => null,
        ReasoningEffort.None => None,
        ReasoningEffort.Low => Low,
        ReasoningEffort.Medium => Medium,
        _ => High,
    };
}
