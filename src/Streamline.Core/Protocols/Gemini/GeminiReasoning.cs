namespace Streamline.Protocols.Gemini;

/// <summary>How the models of Gemini are told how much to think.</summary>
internal static class GeminiReasoning
{
    private const int Low = 1024;
    private const int Medium = 8192;
    private const int High = 24_576;

    // The least that a model takes which always thinks.
    private const int Least = 128;

    private static readonly ReasoningRule[] Rules =
    [
        new() { Models = ["gemini-1", "gemini-2.0"] },
        new() { Models = ["gemini-2.5-pro"], Budgets = new EffortBudgets(Least, Low, Medium, High) },
        new() { Models = ["gemini-2"], Budgets = new EffortBudgets(0, Low, Medium, High) },
        new() { Models = ["gemini-3-pro"], Levels = new EffortWords("low", "high", medium: "high") },
        new() { Models = ["gemini-3-flash", "gemini-3.5-flash", "flash-lite"], Levels = new EffortWords("minimal", "high") },
        new() { Levels = new EffortWords("low", "high") },
    ];

    public static ReasoningRule RuleFor(string? model) => ReasoningRule.Find(Rules, model);
}
