using Streamline.TestSupport;
using Xunit.Abstractions;

namespace Streamline.Tests.Protocols.WireCases;

/// <summary>
/// What servers were reported to send, through the default pipeline. A case of <see cref="KnownGaps"/> must still fail, so that the list shrinks
/// with what is mended.
/// </summary>
public sealed class WireCaseTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(1);

    public static TheoryData<string> Ids => [.. WireCase.All.Keys];

    [CorpusTheory(WireCase.Corpus)]
    [MemberData(nameof(Ids))]
    public async Task StreamAsync_ReportedAnswer_GivesWhatIsExpected(string id)
    {
        var wireCase = WireCase.All[id];
        var description = await DescribeAsync(wireCase);
        output.WriteLine($"report   {wireCase.Report}\nexpected {wireCase.Expected}\nfound    {description}");

        if (KnownGaps.All.TryGetValue(id, out var gap))
        {
            var passes = wireCase.Expected.IsMatch(description);
            passes.Should().BeFalse("{0} ({1}) is a known gap; when it is mended, remove it from {2}", id, gap, nameof(KnownGaps));
        }
        else
        {
            description.Should().MatchRegex(wireCase.Expected, "this is {0}: {1}", id, wireCase.Report);
        }
    }

    [CorpusFact(WireCase.Corpus)]
    public void KnownGaps_All_AreCasesOfTheCorpus() => KnownGaps.All.Keys.Should().BeSubsetOf(WireCase.All.Keys);

    private static async Task<string> DescribeAsync(WireCase wireCase)
    {
        using var server = new WireServer(wireCase.Answers);
        using var http = new HttpClient(server);
        var time = new ManualTimeProvider(); // stands still, so that no timeout strikes
        var options = new StreamClientOptions { ApiKey = "test-key", Model = "m", TimeProvider = time };
        var client = new StreamClientBuilder(wireCase.Protocol.CreateClient(http, options))
            .UseRetry(retry => (retry.BaseDelay, retry.MaxDelay, retry.TimeProvider) = (Delay, Delay, new EagerTimeProvider()))
            .UseTimeouts(timeouts => timeouts.TimeProvider = time)
            .UseBackpressure()
            .Build();

        var (events, exception) = await client.StreamAsync("Hi").CatchAsync();
        return WireDescription.Of(events, exception, server.Requests);
    }
}
