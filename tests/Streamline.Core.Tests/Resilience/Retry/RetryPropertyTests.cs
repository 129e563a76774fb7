using FsCheck;
using FsCheck.Fluent;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Retry;

/// <summary>Random scripts of failures: what a consumer folds is one coherent message, whatever went wrong on the way.</summary>
[Trait("Law", "6")]
public sealed class RetryPropertyTests
{
    private static readonly Config Config = Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(20260101, 1);

    /// <summary>One attempt: how many events of its script it streams before it fails; none when it succeeds.</summary>
    private static Gen<int?> Attempts => Gen.Frequency(
        (3, Gen.Choose(0, 9).Select(n => (int?)n)),
        (1, Gen.Constant((int?)null)));

    [Fact]
    public void StreamAsync_RandomFailures_FoldToExactlyOneAttempt()
    {
        var scripts = Gen.ListOf(Attempts, 6).Select(list => list.ToArray()).ToArbitrary();
        Check.One(Config, Prop.ForAll(scripts, cuts => HoldsAsync(cuts).GetAwaiter().GetResult()));
    }

    private static async Task<bool> HoldsAsync(int?[] cuts)
    {
        var time = new ManualTimeProvider();
        var source = new FakeStreamClient([.. cuts.Select((cut, i) => cut is { } n ? Fails(Overloaded(inBand: i % 2 == 0), [.. Script(i).Take(n)]) : Ends(Script(i)))]);
        const int budget = 4;
        var client = new StreamClientBuilder(source).UseRetry(options =>
        {
            options.TimeProvider = time;
            options.MaxAttempts = budget;
            options.MidStream = MidStreamPolicy.Restart;
        }).Build();

        var (events, exception) = await time.RunAsync(client.StreamAsync(Request));

        var success = Array.FindIndex(cuts, cut => cut is null or > 8);
        var last = success is >= 0 and < budget ? success : budget - 1;
        source.Requests.Should().HaveCount(last + 1);
        source.Open.Should().Be(0);
        events.OfType<RetryScheduled>().Select(e => e.Attempt).Should().Equal(Enumerable.Range(2, last));
        events.Should().OnlyHaveUniqueItems(because: "an event is shown once");
        if (cuts[last] is null)
        {
            exception.Should().BeNull();
            Fold(events).Should().Be(Fold(Script(last)));
        }
        else
        {
            // What stands is what the last attempt that showed content got to.
            exception.Should().BeOfType<ProviderException>();
            var shown = Enumerable.Range(0, last + 1).LastOrDefault(i => Script(i).Take(cuts[i]!.Value).Any(e => e.CommitsResponse), -1);
            Fold(events).Should().Be(shown < 0 ? Fold([]) : Fold(Script(shown).Take(cuts[shown]!.Value)));
        }

        return true;
    }

    /// <summary>Nine events, the ninth of which ends the response; other text in each attempt.</summary>
    private static StreamEvent[] Script(int attempt) =>
    [
        new ResponseStarted { Provider = "test", ResponseId = $"r{attempt}" },
        new UsageUpdated { Usage = new TokenUsage { InputTokens = attempt } },
        new ContentStarted { Index = 0, Kind = ContentKind.Reasoning },
        Reasoning($"thought {attempt}"),
        Words($"text {attempt}", index: 1 + (attempt % 2)),
        new ToolCallStarted { Index = 3, CallId = $"c{attempt}", Name = "weather" },
        Input($"{{\"a\":{attempt}}}", index: 3, $"c{attempt}"),
        Words($"more {attempt}", index: 1 + (attempt % 2)),
        Completed(),
    ];

    private static string Fold(IEnumerable<StreamEvent> events)
    {
        var state = new StreamState();
        foreach (var streamEvent in events)
        {
            state.Apply(streamEvent);
        }

        return string.Join('|', state.Blocks.Select(block => $"{block.Index}:{block.CallId}:{block.Kind}:{block.Text}"));
    }
}
