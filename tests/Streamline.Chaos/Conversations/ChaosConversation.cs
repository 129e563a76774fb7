using System.Collections.Concurrent;
using System.Globalization;
using Streamline.Chaos.Leaks;
using Streamline.Testing;
using Streamline.TestSupport;
using Streamline.Tools.Tests.Composition;

namespace Streamline.Chaos.Conversations;

/// <summary>One conversation over a socket, with its model, its tools, its consumer and its clock.</summary>
internal sealed class ChaosConversation : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(20);

    private readonly ConcurrentBag<ScriptedExchange> _exchanges = [];
    private readonly ConversationModel _model;
    private readonly int _id;

    public ChaosConversation(int seed, int id)
    {
        (_id, Plan) = (id, new ConversationPlan(seed));
        (_model, Consumer) = (new ConversationModel(Plan), new ConversationConsumer(Plan));
    }

    public ConversationPlan Plan { get; }

    public ChaosClock Clock { get; } = new();

    public RandomTools Tools { get; } = new();

    public ConversationConsumer Consumer { get; }

    /// <summary>Gets the requests that have come, and what became of their replies.</summary>
    public IReadOnlyCollection<ScriptedExchange> Exchanges => _exchanges;

    /// <summary>Holds the conversation and checks it.</summary>
    /// <param name="http">The client.</param>
    /// <param name="host">The address of the provider.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="Exception">A law was broken.</exception>
    public async Task<ChaosOutcome> RunAsync(HttpClient http, Uri host)
    {
        var tools = Plan.HasTools ? Tools.ToSet(new Random(Plan.ToolSeed)) : null;
        await Consumer.ReadAsync(new ChaosPipeline(Plan, http, new Uri(host, string.Create(CultureInfo.InvariantCulture, $"c/{_id}/")), Clock).Build(tools));
        await WaitForAbandonedAsync();
        foreach (var exchange in _exchanges)
        {
            (await exchange.Completion.OrFail()).Should().NotBe(ExchangeOutcome.Failed, "{0}", exchange.Failure);
        }

        return await new ConversationChecks(this).CheckAsync();
    }

    /// <summary>Answers a request of this conversation.</summary>
    public ScriptedReply Respond(ScriptedProvider provider, ScriptedRequest request)
    {
        // It has been recorded already, so that this completes at once.
        if (provider.WaitForExchangeAsync(request.Index) is { IsCompletedSuccessfully: true } recorded)
        {
            _exchanges.Add(recorded.GetAwaiter().GetResult());
        }

        return _model.Respond(request);
    }

    /// <summary>Lets time pass if the conversation waits for that and nothing else: for a reply that stalls, a tool that hangs, a question that nobody answers.</summary>
    public void PassTime()
    {
        if (Tools.IsHanging || Consumer.IsWaitingForAnswer || _exchanges.Any(exchange => exchange is { Stalled.IsCompleted: true, Completion.IsCompleted: false }))
        {
            Clock.Advance(Step);
        }
    }

    public void Dispose() => Consumer.Dispose();

    // Tools that were abandoned end by themselves, soon after their stream.
    private async Task WaitForAbandonedAsync()
    {
        while (Plan.GracePeriod != Timeout.InfiniteTimeSpan && (Tools.Running > 0 || Tools.OpenInputs > 0))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, CancellationToken.None);
        }
    }
}
