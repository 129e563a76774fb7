using Microsoft.Extensions.AI;
using Streamline;
using Streamline.Workflows;

namespace LogAnalysisSample;

/// <summary>Has a model explain a log in batches, while the log is written.</summary>
internal static class Analysis
{
    /// <summary>Writes what the model says of each batch, in the order of the log.</summary>
    public static async Task RunAsync(IStreamClient client, IAsyncEnumerable<string> lines, TextWriter output, CancellationToken cancellationToken)
    {
        // begin: batches
        var batches = lines.Batch(new BatchOptions<string> { MaxCount = 20, MaxWait = TimeSpan.FromSeconds(1), MaxWeight = 8_000, Weigh = line => line.Length }, cancellationToken);
        var events = StreamMerge.MergeAsync(
            batches,
            (batch, token) => client.StreamAsync($"What went wrong in these {batch.Count} lines?\n{string.Join('\n', batch)}", cancellationToken: token),
            new StreamMergeOptions { MaxConcurrency = 3, Order = StreamMergeOrder.InOrder },
            cancellationToken);
        await foreach (var merged in events)
        {
            if (merged.Event is ResponseStarted)
            {
                await output.WriteAsync($"batch {merged.Index + 1}, {merged.Input.Count} lines: ");
            }
            else if (merged.Event is TextDelta delta)
            {
                await output.WriteAsync(delta.Text);
            }
            else if (merged.Result is { } result)
            {
                await output.WriteLineAsync(result.Failure is { } failure ? $"failed: {failure.Message}" : "");
            }
        }
        // end: batches
    }
}
