using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Streamline.Chaos.Leaks;
using Streamline.Testing;
using Streamline.TestSupport;

namespace Streamline.Chaos.Conversations;

/// <summary>Holds conversations, many at a time, in batches. Each batch has a server and connections of its own, and leaves nothing of them.</summary>
internal sealed class ConversationRunner(LiveSpans spans, TextWriter output)
{
    private const int AtOnce = 24;
    private const int ShownEvents = 500;
    private const int MaxTicks = 1000;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<int, ChaosConversation> _running = new();
    private long _requests;
    private int _violations;
    private int _lastId;

    /// <summary>Gets a value indicating whether each conversation is described.</summary>
    public bool IsVerbose { get; init; }

    /// <summary>Gets how the conversations ended.</summary>
    public OutcomeTable Outcomes { get; } = new();

    /// <summary>Gets the connections.</summary>
    public CountedConnections Connections { get; } = new();

    /// <summary>Gets how many requests were answered.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Gets how many violations were found.</summary>
    public int Violations => Volatile.Read(ref _violations);

    /// <summary>Holds the conversations of some seeds.</summary>
    public async Task RunAsync(IEnumerable<int> seeds)
    {
        ScriptedProvider? provider = null;
        provider = new ScriptedProvider(request => Respond(provider!, request), new ScriptedProviderOptions { TimeProvider = new LeapingTimeProvider() });
        using var ended = new CancellationTokenSource();
        var ticking = PassTimeAsync(ended.Token);
        await using (var host = await ScriptedProviderHost.StartAsync(provider))
        {
            using var http = new HttpClient(new QueryHandler(Connections.CreateHandler())) { Timeout = Timeout.InfiniteTimeSpan };
            await Parallel.ForEachAsync(seeds, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (seed, _) => await HoldAsync(seed, http, host.BaseAddress));
        }

        await ended.CancelAsync();
        await ticking;
        Interlocked.Add(ref _requests, provider.Exchanges.Count);
        if (!await HasEndedAsync(() => Connections.Open == 0))
        {
            Report(string.Create(CultureInfo.InvariantCulture, $"{Connections.Open} connections are open after their conversations."));
        }
    }

    private async Task HoldAsync(int seed, HttpClient http, Uri host)
    {
        var id = Interlocked.Increment(ref _lastId);
        using var conversation = new ChaosConversation(seed, id);
        _running[id] = conversation;
        try
        {
            var outcome = await Task.Run(() => RunAsync(conversation, http, host)).WaitAsync(Patience, TimeProvider.System);
            Outcomes.Add(conversation.Plan.Target.Name, outcome);
            if (IsVerbose)
            {
                output.WriteLine($"{conversation.Plan}: {outcome}\n{string.Join('\n', conversation.Consumer.Seen)}\n{conversation.Consumer.Failure}\n");
            }
        }
        catch (Exception exception)
        {
            var last = conversation.Consumer.Seen.ToList();
            Report($"{conversation.Plan}\n{exception}\n{conversation.Consumer.Failure}\n{string.Join('\n', last.TakeLast(ShownEvents))}\nRun it again with --seed {seed.ToString(CultureInfo.InvariantCulture)}.");
        }
        finally
        {
            _running.TryRemove(id, out _);
        }
    }

    private async Task<ChaosOutcome> RunAsync(ChaosConversation conversation, HttpClient http, Uri host)
    {
        using var trace = new Activity("conversation").Start();
        var outcome = await conversation.RunAsync(http, host);
        await HasEndedAsync(() => !spans.OpenOf(trace.TraceId).Any());
        spans.OpenOf(trace.TraceId).Should().BeEmpty("every span ends");
        return outcome;
    }

    private ScriptedReply Respond(ScriptedProvider provider, ScriptedRequest request)
    {
        var id = int.Parse(request.Path.Split('/')[2], CultureInfo.InvariantCulture);
        return _running[id].Respond(provider, request);
    }

    private async Task PassTimeAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            foreach (var conversation in _running.Values)
            {
                conversation.PassTime();
            }

            await Task.Delay(Tick, TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>Waits for something that takes a moment.</summary>
    public static async Task<bool> HasEndedAsync(Func<bool> condition)
    {
        for (var i = 0; i < MaxTicks && !condition(); i++)
        {
            await Task.Delay(Tick, TimeProvider.System, CancellationToken.None);
        }

        return condition();
    }

    /// <summary>Reports a violation.</summary>
    public void Report(string violation)
    {
        Interlocked.Increment(ref _violations);
        lock (output)
        {
            output.WriteLine($"VIOLATION: {violation}\n");
        }
    }

    private sealed class QueryHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.TryAddWithoutValidation(ConversationModel.QueryHeader, request.RequestUri!.Query);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
