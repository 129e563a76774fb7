using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Streamline;
using Streamline.Resilience;

namespace DocsSample;

/// <summary>The examples of docs/pipeline.md, docs/retry.md and docs/backpressure.md.</summary>
internal static class Pipelines
{
    public static IStreamClient Build(string apiKey, string model, ToolSet tools)
    {
        // begin: pipeline
        var client = new StreamClientBuilder(StreamProtocols.Anthropic.CreateClient(apiKey, model))
            .UseTools(tools)
            .UseDefaults() // UseRetry().UseTimeouts().UseBackpressure()
            .Build();
        // end: pipeline
        return client;
    }

    public static void Retry(StreamClientBuilder builder)
    {
        // begin: retry
        builder.UseRetry(retry =>
        {
            retry.MaxAttempts = 5;
            retry.MidStream = MidStreamPolicy.Restart; // start over after an interruption; Fail is the default
        });
        // end: retry
    }

    public static void OwnPipeline(StreamClientBuilder builder)
    {
        // begin: polly
        builder.UseRetry(retry => retry.Pipeline = new ResiliencePipelineBuilder()
            .AddRetry(new RetryStrategyOptions { ShouldHandle = new PredicateBuilder().Handle<Exception>(RetryOptions.IsTransient) })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions())
            .Build());
        // end: polly
    }

    public static void Backpressure(StreamClientBuilder builder)
    {
        // begin: backpressure
        builder.UseBackpressure(buffer => buffer.FullMode = BackpressureFullMode.Coalesce);
        // end: backpressure
    }

    public static async Task HistoryAsync(IAsyncEnumerable<StreamEvent> events, List<Microsoft.Extensions.AI.ChatMessage> history)
    {
        // begin: partial
        try
        {
            await foreach (var streamEvent in events)
            {
                Console.WriteLine(streamEvent);
            }
        }
        catch (Exception exception) when (PartialResponse.TryGet(exception, out var partial))
        {
            history.AddRange(partial.Messages);
        }
        // end: partial
    }
}
