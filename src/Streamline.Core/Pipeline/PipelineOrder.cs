namespace Streamline;

/// <summary>Checks the order of a pipeline. Most orders work and only differ in what they mean; those that would run a tool twice do not.</summary>
internal static class PipelineOrder
{
    /// <param name="stages">The stages, outermost first.</param>
    /// <exception cref="InvalidOperationException">The order cannot work.</exception>
    public static void Check(IReadOnlyList<StreamStage> stages)
    {
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
                throw Wrong(stages, repeating, "a failure would run tools again that have run already");
            }
            else if (stages[i] == StreamStage.Tools && guard >= 0)
            {
                throw Wrong(stages, guard, "tools would run before their calls are checked");
            }
        }
    }

    private static InvalidOperationException Wrong(IReadOnlyList<StreamStage> stages, int outside, string consequence)
    {
        var order = stages.Where(stage => stage != StreamStage.Other).Order().Select(stage => $"Use{stage}").Distinct();
        return new InvalidOperationException(
            $"Use{stages[outside]} is outside of UseTools: {consequence}. Add the middleware in this order, outermost first: {string.Join(", ", order)}.");
    }
}
