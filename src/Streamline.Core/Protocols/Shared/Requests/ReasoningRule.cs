namespace Streamline.Protocols.Shared;

/// <summary>How some models are told how much to reason: by a word, or by a number of tokens. Where neither is set, they can at most be told whether to reason.</summary>
internal sealed record ReasoningRule
{
    /// <summary>Gets parts of the names of the models; empty for all models.</summary>
    public string[] Models { get; init; } = [];

    /// <summary>Gets the words for the levels of effort.</summary>
    public EffortWords? Levels { get; init; }

    /// <summary>Gets the numbers of tokens.</summary>
    public EffortBudgets? Budgets { get; init; }

    /// <summary>Finds the rule of a model: the first one that has a part of its name.</summary>
    /// <param name="rules">The rules; the last one is that of all other models.</param>
    /// <param name="model">The model; <see langword="null"/> when it is unknown.</param>
    public static ReasoningRule Find(ReasoningRule[] rules, string? model) =>
        Array.Find(rules, rule => model is not null && Array.Exists(rule.Models, part => model.Contains(part, StringComparison.OrdinalIgnoreCase))) ?? rules[^1];
}
