namespace Streamline;

/// <summary>Checks the order of a pipeline. Most orders work and only differ in what they mean; those that would run a tool twice do not.</summary>
internal static class PipelineOrder
{
    /// <param name="stages">The stages, outermost first.</param>
    /// <exception cref="InvalidOperationException">The order cannot work.</exception>
    public static void Check(IReadOnlyList<StreamStage> stages)
    {
        var repeating = -1;
        for (var i = 0; i < stages.Count; i++)
        {
            if (stages[i] is StreamStage.Retry or StreamStage.Failover && repeating < 0)
            {
                repeating = i;
            }
            else if (stages[i] == StreamStage.Tools && repeating >= 0)
            {
                var order = stages.Where(stage => stage != StreamStage.Other).Order().Select(stage => $"Use{stage}").Distinct();
                throw new InvalidOperationException(
                    $"Use{stages[repeating]} is outside of UseTools: a failure would run tools again that have run already. Add the middleware in this order, outermost first: {string.Join(", ", order)}.");
            }
        }
    }
}
