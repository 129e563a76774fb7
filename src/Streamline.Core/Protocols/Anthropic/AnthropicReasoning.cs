namespace Streamline.Protocols.Anthropic;

/// <summary>How the models of Anthropic are told how much to think: by an effort that guides them, or by a number of tokens.</summary>
internal static class AnthropicReasoning
{
    /// <summary>The words of models that are not known to have fewer.</summary>
    public static readonly EffortWords Efforts = new(none: null, "xhigh");

    private const int Low = 2048;
    private const int Medium = 8192;
    private const int High = 16_384;
    private const int LeastBudget = 1024;

    private static readonly ReasoningRule[] Rules =
    [
        new() { Models = ["claude-2", "claude-v2", "claude-instant", "claude-3-5", "claude-3.5", "claude-3-haiku", "claude-3-opus", "claude-3-sonnet"] },
        new()
        {
            Models =
            [
                "claude-3-7", "claude-3.7", "claude-opus-4-0", "claude-opus-4.0", "claude-opus-4-1", "claude-opus-4.1", "claude-sonnet-4-0", "claude-sonnet-4.0",
                "claude-opus-4-2025", "claude-sonnet-4-2025", "claude-haiku-4-5", "claude-haiku-4.5", "claude-sonnet-4-5", "claude-sonnet-4.5", "claude-opus-4-5", "claude-opus-4.5",
            ],
            Budgets = new EffortBudgets(0, Low, Medium, High),
        },
        new() { Models = ["claude-opus-4-6", "claude-opus-4.6", "claude-sonnet-4-6", "claude-sonnet-4.6"], Levels = new EffortWords(none: null, "max") },
        new() { Models = ["claude-mythos", "claude-fable"], Levels = new EffortWords("low", "xhigh") },
        new() { Levels = Efforts },
    ];

    /// <summary>Gets the number of tokens that the model may think with; <see langword="null"/> where it is not told one.</summary>
    /// <remarks>It is a part of the limit on output tokens, of which half stays for the answer. A limit that leaves less than the API accepts is one without thinking.</remarks>
    public static int? BudgetOf(OutgoingRequest request)
    {
        var reasoning = request.Options.Reasoning;
        var effort = reasoning?.Effort ?? (reasoning?.Output is null or ReasoningOutput.None ? null : ReasoningEffort.Medium);
        if (effort == ReasoningEffort.None || RuleFor(request).Budgets?.Of(effort) is not { } budget)
        {
            return null;
        }

        budget = request.MaxOutputTokens is { } limit ? Math.Min(budget, limit / 2) : budget;
        return budget < LeastBudget ? null : budget;
    }

    /// <summary>Gets the word that guides how much the model thinks; <see langword="null"/> where it is not told one.</summary>
    public static string? EffortOf(OutgoingRequest request) => RuleFor(request).Levels?.Of(request.Options.Reasoning?.Effort);

    /// <summary>Writes how the model thinks.</summary>
    public static void Write(Utf8JsonWriter writer, OutgoingRequest request)
    {
        if (request.Options.Reasoning is not { } reasoning || reasoning is { Effort: null, Output: null })
        {
            return;
        }

        var rule = RuleFor(request);
        if (rule.Levels is { } levels)
        {
            // Some models always think, so that the least effort stands for none.
            var isOff = reasoning.Effort == ReasoningEffort.None && levels.Of(ReasoningEffort.None) is null;
            writer.WriteStartObject("thinking"u8);
            writer.WriteString("type"u8, isOff ? "disabled"u8 : "adaptive"u8);
            writer.WriteText("display"u8, isOff || reasoning.Output is not { } shown ? null : shown == ReasoningOutput.None ? "omitted" : "summarized");
            writer.WriteEndObject();
        }
        else if (BudgetOf(request) is { } budget)
        {
            writer.WriteStartObject("thinking"u8);
            writer.WriteString("type"u8, "enabled"u8);
            writer.WriteNumber("budget_tokens"u8, budget);
            writer.WriteEndObject();
        }
        else if (rule.Budgets is not null && reasoning.Effort == ReasoningEffort.None)
        {
            writer.WriteObject("thinking", static thinking => thinking.WriteString("type"u8, "disabled"u8));
        }
    }

    private static ReasoningRule RuleFor(OutgoingRequest request) => ReasoningRule.Find(Rules, request.Model);
}
