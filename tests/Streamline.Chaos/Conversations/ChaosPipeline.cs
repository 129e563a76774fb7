using Streamline.Chaos.Leaks;
using Streamline.Tools;

namespace Streamline.Chaos.Conversations;

/// <summary>Builds the whole pipeline of a conversation, as its plan says.</summary>
/// <param name="plan">The plan.</param>
/// <param name="http">The client that all conversations share.</param>
/// <param name="address">The address of the scripted provider for this conversation.</param>
/// <param name="clock">The clock of the conversation.</param>
internal sealed class ChaosPipeline(ConversationPlan plan, HttpClient http, Uri address, ChaosClock clock)
{
    /// <summary>Builds the client.</summary>
    /// <param name="tools">The tools; <see langword="null"/> for none.</param>
    public IStreamClient Build(ToolSet? tools)
    {
        var builder = new StreamClientBuilder(Source(plan.Target)).UseTimeProvider(clock).UseTelemetry();
        if (tools is not null)
        {
            builder.UseTools(tools, options => (options.MaxRounds, options.AtMaxRounds, options.GracePeriod) = (ConversationPlan.MaxRounds, plan.AtMaxRounds, plan.GracePeriod));
        }

        if (plan.Backup is { } backup)
        {
            builder.UseFailover(options => options.Clients.Add(new FailoverClient("backup", WithLimits(new StreamClientBuilder(Source(backup)).UseTimeProvider(clock)).Build()) { Model = backup.Model }));
        }
        else if (plan.IsHedged)
        {
            builder.UseHedging(options => (options.MinimumRequests, options.Budget, options.AllowFunctions, options.MinDelay) = (1, 1, true, TimeSpan.FromSeconds(1)));
        }

        return WithLimits(builder).Build();
    }

    private StreamClientBuilder WithLimits(StreamClientBuilder builder) => builder
        .UseRetry(retry =>
        {
            (retry.MidStream, retry.MaxAttempts) = (plan.MidStream, plan.MaxAttempts);
            (retry.Continue.Otherwise, retry.Continue.AllowStitching, retry.Continue.AllowUnsureSeams) = (plan.Otherwise, plan.AllowStitching, plan.AllowUnsureSeams);
            retry.Continue.CreatePrompt = ContinuationRequest.Ask;
        })
        .UseRateLimit(limit => limit.MaxConcurrency = plan.MaxConcurrency + (plan.IsHedged ? 1 : 0))
        .UseTimeouts()
        .UseBackpressure(options => (options.Capacity, options.FullMode) = (plan.Capacity, plan.FullMode));

    private IStreamClient Source(ChaosTarget target) => target.Protocol.CreateClient(http, new StreamClientOptions
    {
        ApiKey = "any",
        Model = target.Model,
        BaseAddress = address,
        TimeProvider = clock,
    });
}
