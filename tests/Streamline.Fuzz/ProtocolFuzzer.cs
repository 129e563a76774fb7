using System.Globalization;
using Streamline.Tests.Protocols.Hostile;

namespace Streamline.Fuzz;

/// <summary>Feeds recordings and requests with random faults to the protocols until the time is over, and reports each kind of violation once, with its smallest input.</summary>
internal static class ProtocolFuzzer
{
    public static async Task<int> RunAsync(FuzzArguments arguments, TimeProvider clock, TextWriter output)
    {
        var seeds = new Dictionary<string, List<HostileBody>>(StringComparer.Ordinal);
        foreach (var (name, protocol) in HostileProtocols.All)
        {
            seeds[name] = await HostileSeeds.OfAsync(protocol);
        }

        if (seeds.Values.All(bodies => bodies.Count == 0))
        {
            output.WriteLine(TestSupport.Corpora.SkipReason(TestSupport.Recordings.Pydantic));
            return 2;
        }

        var known = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var start = clock.GetTimestamp();
        var seed = arguments.Seed;
        for (; clock.GetElapsedTime(start).TotalMinutes < arguments.Minutes; seed++)
        {
            foreach (var (_, bodies) in seeds)
            {
                await TryResponseAsync(new BodyMutator(new Random(seed)).Mutate(bodies[seed % bodies.Count]), seed, known, output);
            }

            await TryRequestsAsync(seed, known, output);
        }

        output.WriteLine();
        foreach (var (signature, count) in known)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count,8} × {signature}{(HostileGaps.All.Contains(signature) ? " (known)" : "")}"));
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{known.Count} kinds of violations, seeds {arguments.Seed} to {seed - 1}."));
        return known.Keys.All(HostileGaps.All.Contains) ? 0 : 1;
    }

    private static async Task TryResponseAsync(HostileBody body, int seed, SortedDictionary<string, int> known, TextWriter output)
    {
        foreach (var violation in await ResponseCheck.FindAsync(body))
        {
            if (IsNew(violation, known))
            {
                var smallest = await Shrinker.ShrinkAsync(body, async smaller => (await ResponseCheck.FindAsync(smaller)).Exists(found => found.Signature == violation.Signature));
                var detail = (await ResponseCheck.FindAsync(smallest)).Find(found => found.Signature == violation.Signature)!.Detail;
                Report(violation with { Detail = detail }, seed, smallest.ToString(), output);
            }
        }
    }

    private static async Task TryRequestsAsync(int seed, SortedDictionary<string, int> known, TextWriter output)
    {
        foreach (var (_, protocol) in HostileProtocols.WithRequests)
        {
            var body = new JsonMutator(new Random(seed)).Mutate(RequestCheck.Create(protocol, seed));
            if (RequestCheck.Find(protocol, body) is { } violation && IsNew(violation, known))
            {
                var smallest = await Shrinker.ShrinkAsync(body, smaller => Task.FromResult(RequestCheck.Find(protocol, smaller)?.Signature == violation.Signature));
                Report(violation with { Detail = RequestCheck.Find(protocol, smallest)!.Detail }, seed, smallest, output);
            }
        }
    }

    private static bool IsNew(Violation violation, SortedDictionary<string, int> known)
    {
        var count = known.GetValueOrDefault(violation.Signature);
        known[violation.Signature] = count + 1;
        return count == 0;
    }

    private static void Report(Violation violation, int seed, string input, TextWriter output) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"## {violation.Signature}\nseed {seed}: {violation.Detail.Split('\n')[0]}\n{input}\n"));
}
