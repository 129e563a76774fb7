using Microsoft.Extensions.AI;
using Streamline;
using Streamline.Testing;

namespace ToolsSample;

/// <summary>Hooks and limits between rounds.</summary>
internal static class LoopControl
{
    public static async Task RunAsync(TextWriter output)
    {
        var search = AIFunctionFactory.Create((string query) => $"three results for {query}", "search");
        var call = Examples.Call("search", """{"query":"coats"}""");
        var builder = Examples.Model(call, call, ScriptedReply.Text("A coat."));

        // begin: loop-control
        var client = builder.UseTools(new ToolSet().Add(search, tool => tool.ReadOnly = true), tools =>
        {
            tools.MaxRounds = 2; // then one answer without tools
            tools.MaxTotalTokens = 100_000;
            tools.MaxCost = 500_000; // half a dollar, counted in millionths
            tools.CostOf = (usage, model) => ((usage.InputTokenCount ?? 0) * 3) + ((usage.OutputTokenCount ?? 0) * 15);
            tools.StopWhen = round => round.LastRound.Any(message => message.Text.Contains("FINAL", StringComparison.Ordinal));
            tools.BeforeRound = (round, _) =>
            {
                round.Options.ModelId = round.Round == 1 ? "large-model" : "small-model";
                return ValueTask.CompletedTask;
            };
        }).Build();
        // end: loop-control

        await foreach (var streamEvent in client.StreamAsync("What should I wear?"))
        {
            switch (streamEvent)
            {
                case ToolResult result:
                    await output.WriteLineAsync($"{result.Name}: {result.Result}");
                    break;
                case ResponseCompleted completed:
                    await output.WriteLineAsync($"{completed.FinishReason}");
                    break;
                default:
                    break;
            }
        }
    }
}
