using System.Globalization;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests;

/// <summary>Whatever the model calls, however the response breaks, and in whatever order the tools finish.</summary>
[Trait("Law", "6")]
[Trait("Law", "7")]
[Trait("Law", "8")]
public sealed class ToolLoopPropertyTests
{
    private const int MaxConcurrency = 3;

    [Fact]
    public void Loop_OverRandomConversations_KeepsItsInvariants() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed => Scenario.CheckAsync(seed).OrFail().GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(400).WithReplay(20261, 977));

    private sealed class Scenario
    {
        private static readonly FinishReason[] Reasons = [FinishReason.ToolCalls, FinishReason.ToolCalls, FinishReason.ToolCalls, FinishReason.Stop, FinishReason.Length, FinishReason.Pause];
        private readonly Random _random;
        private readonly List<TaskCompletionSource<object?>> _open = [];
        private readonly Lock _lock = new();
        private readonly Dictionary<string, int> _starts = [];
        private int _running;
        private int _peak;
        private bool _exclusiveBroken;

        private Scenario(int seed) => _random = new Random(seed);

        public static async Task CheckAsync(int seed)
        {
            var scenario = new Scenario(seed);
            var tools = new ToolSet()
                .Add(scenario.Tool("look", isExclusive: false), o => o.ReadOnly = true)
                .Add(scenario.Tool("write", isExclusive: false))
                .Add(scenario.Tool("alone", isExclusive: true), o => o.Exclusive = true);
            var responses = Enumerable.Range(0, scenario._random.Next(1, 5)).Select(scenario.MakeResponse).Append(Wire.Answer()).ToArray();
            var loop = Loop.Over(tools, o => (o.MaxConcurrency, o.MaxConsecutiveErrors) = (MaxConcurrency, 100), responses);
            var events = await scenario.ReadAsync(loop.Client);

            scenario.CheckRuns(events, seed);
            CheckHistory(loop, events, seed);
            CheckOrder(loop.Source.Requests[^1].Messages, seed);
            loop.Source.Open.Should().Be(0);
        }

        private TestTool Tool(string name, bool isExclusive) => new(name, async (arguments, token) =>
        {
            var run = new TaskCompletionSource<object?>(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_lock)
            {
                var key = $"{name} {arguments["k"]}";
                _starts[key] = _starts.GetValueOrDefault(key) + 1;
                _running++;
                _peak = Math.Max(_peak, _running);
                _exclusiveBroken |= isExclusive && _running > 1;
                _open.Add(run);
            }

            try
            {
                using (token.Register(() => run.TrySetCanceled(token)))
                {
                    return await run.Task;
                }
            }
            finally
            {
                lock (_lock)
                {
                    _running--;
                }
            }
        });

        /// <summary>Reads the stream, and at random moments lets a random one of the running tools finish.</summary>
        private async Task<List<StreamEvent>> ReadAsync(IStreamClient client)
        {
            List<StreamEvent> seen = [];
            await using var events = client.StreamAsync("hi").GetAsyncEnumerator();
            while (true)
            {
                var next = events.MoveNextAsync().AsTask();
                while (!next.IsCompleted)
                {
                    FinishOne();
                    await Task.Yield();
                }

                if (!await next)
                {
                    _running.Should().Be(0);
                    return seen;
                }

                seen.Add(events.Current);
                if (_random.Next(3) == 0)
                {
                    FinishOne();
                }
            }
        }

        private void FinishOne()
        {
            lock (_lock)
            {
                if (_open.Count > 0)
                {
                    var run = _open[_random.Next(_open.Count)];
                    _open.Remove(run);
                    if (_random.Next(5) == 0)
                    {
                        run.TrySetException(new InvalidOperationException());
                    }
                    else
                    {
                        run.TrySetResult(_random.Next(4) == 0 ? new DataContent(new byte[] { 1 }, "image/png") : "ok");
                    }
                }
            }
        }

        private StreamEvent[] MakeResponse(int round)
        {
            List<StreamEvent> events = [Wire.Started];
            var calls = MakeCalls(round);
            for (var attempt = 1; _random.Next(3) == 0 && attempt < 4; attempt++)
            {
                var broken = Attempt(calls, round, attempt);
                events.AddRange(broken.Take(_random.Next(broken.Count + 1)));
                events.AddRange([Wire.Restarted(attempt + 1), Wire.Started]);
                calls = _random.Next(2) == 0 ? calls : MakeCalls(round);
            }

            return [.. events, .. Attempt(calls, round, attempt: 9), Wire.Ended(Reasons[_random.Next(Reasons.Length)])];
        }

        /// <summary>Calls of tools, a bad one among them at times. A key is one of few in a round, so that equal calls occur.</summary>
        private List<(string Name, string? Key)> MakeCalls(int round) => [.. Enumerable.Range(0, _random.Next(7)).Select(_ =>
        {
            var name = (string[])["look", "look", "write", "alone", "unknown"];
            return (name[_random.Next(name.Length)], _random.Next(8) == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{round}.{_random.Next(3)}"));
        })];

        private static List<StreamEvent> Attempt(List<(string Name, string? Key)> calls, int round, int attempt)
        {
            List<StreamEvent> events = [Wire.Text("text")];
            for (var i = 0; i < calls.Count; i++)
            {
                var (name, key) = calls[i];
                var id = $"{round}-{attempt}-{i}";
                events.Add(Wire.CallStarted(i + 1, id, name));
                events.Add(key is null ? Wire.SealedBad(i + 1, id, name, "{\"k\":") : Wire.Sealed(i + 1, id, name, $$"""{"k":"{{key}}"}"""));
            }

            return events;
        }

        private void CheckRuns(List<StreamEvent> events, int seed)
        {
            _peak.Should().BeLessThanOrEqualTo(MaxConcurrency, "of seed {0}", seed);
            _exclusiveBroken.Should().BeFalse("of seed {0}", seed);
            _starts.Keys.Should().NotContain(key => key.StartsWith("unknown", StringComparison.Ordinal));

            // Never more runs than the largest number of equal calls that one attempt makes.
            Dictionary<string, int> most = [];
            Dictionary<string, int> current = [];
            foreach (var streamEvent in events)
            {
                switch (streamEvent)
                {
                    case ToolCallCompleted { Arguments: { } arguments } call:
                        var key = $"{call.Name} {arguments.GetProperty("k")}";
                        current[key] = current.GetValueOrDefault(key) + 1;
                        most[key] = Math.Max(most.GetValueOrDefault(key), current[key]);
                        break;
                    case ResponseStarted:
                        current.Clear();
                        break;
                    default:
                        break;
                }
            }

            foreach (var (key, starts) in _starts)
            {
                starts.Should().BeLessThanOrEqualTo(most[key], "of {0} with seed {1}", key, seed);
            }

            events.OfType<ToolResult>().Select(result => result.CallId).Should().OnlyHaveUniqueItems("of seed {0}", seed);
        }

        /// <summary>What an observer folds is what the model was sent.</summary>
        private static void CheckHistory(Loop loop, List<StreamEvent> events, int seed)
        {
            var folded = new StreamState();
            foreach (var streamEvent in events)
            {
                folded.Apply(streamEvent);
            }

            var sent = loop.Source.Requests[^1].Messages.Skip(1).ToList();
            var seen = folded.ToChatResponse().Messages.Take(sent.Count).ToList();
            Text(seen).Should().Be(Text(sent), "of seed {0}", seed);

            static string Text(List<ChatMessage> messages) =>
                JsonSerializer.Serialize(messages, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(IList<ChatMessage>)));
        }

        /// <summary>Every call has one result, in the message after it, in the order of the calls.</summary>
        private static void CheckOrder(IReadOnlyList<ChatMessage> messages, int seed)
        {
            for (var i = 1; i < messages.Count; i++)
            {
                var calls = messages[i].Contents.OfType<FunctionCallContent>().Select(call => call.CallId).ToList();
                if (calls.Count > 0)
                {
                    messages[i + 1].Contents.Cast<FunctionResultContent>().Select(result => result.CallId).Should().Equal(calls, "of seed {0}", seed);
                }
            }
        }
    }
}
