namespace Streamline;

/// <summary>Checks the order of a pipeline. Most orders work and only differ in what they mean; those that would run a tool twice, multiply attempts, or show what a guard holds back, do not.</summary>
internal static class PipelineOrder
{
    /// <param name="stages">The stages, outermost first.</param>
    /// <exception cref="InvalidOperationException">The order cannot work.</exception>
    public static void Check(IReadOnlyList<StreamStage> stages)
    {
        if (stages.Count(stage => stage == StreamStage.Retry) > 1)
        {
            throw new InvalidOperationException("UseRetry is there twice (UseDefaults adds it too): each attempt of the outer one would be repeated by the inner one. Add it once.");
        }

        var (repeating, guard) = (-1, -1);
        for (var i = 0; i < stages.Count; i++)
        {
            if (stages[i] is StreamStage.Retry or StreamStage.Failover && repeating < 0)
            {
                repeating = i;
            }
            else if (stages[i] == StreamStage.Guard && guard < 0)
            {
                guard = i;
            }
            else if (stages[i] == StreamStage.Tools && repeating >= 0)
            {
                throw Wrong(stages, repeating, StreamStage.Tools, "a failure would run tools a second time");
            }
            else if (stages[i] == StreamStage.TextView && guard >= 0)
            {
                throw Wrong(stages, guard, StreamStage.TextView, "the structure of the text would be shown before the text is checked");
            }
            else if (stages[i] == StreamStage.Tools && guard >= 0)
            {
                throw Wrong(stages, guard, StreamStage.Tools, "tools would run before their calls are checked");
            }
        }
    }

    private static InvalidOperationException Wrong(IReadOnlyList<StreamStage> stages, int outside, StreamStage inside, string consequence)
    {
        var order = stages.Where(stage => stage != StreamStage.Other).Order().Select(NameOf).Distinct(StringComparer.Ordinal);
        return new InvalidOperationException(
            $"{NameOf(stages[outside])} is outside of {NameOf(inside)}: {consequence}. Add the middleware in this order, outermost first: {string.Join(", ", order)}.");
    }

    private static string NameOf(StreamStage stage) => stage == StreamStage.TextView ? "UseMarkdown and UseCodeBlocks" : $"Use{stage}";
}
