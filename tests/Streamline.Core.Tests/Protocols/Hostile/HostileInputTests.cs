using Streamline.TestSupport;
using Xunit.Abstractions;

namespace Streamline.Tests.Protocols.Hostile;

/// <summary>
/// Recordings and requests with random faults, from fixed seeds. What goes wrong must be what <see cref="HostileGaps"/> lists, no more and no less.
/// A longer run: <c>dotnet run -c Release --project tests/Streamline.Fuzz -- protocols --minutes 10</c>.
/// </summary>
public sealed class HostileInputTests(ITestOutputHelper output)
{
    private const int Responses = 150;
    private const int Requests = 1500;

    public static TheoryData<string> Protocols => [.. HostileProtocols.All.Keys];

    public static TheoryData<string> ProtocolsWithRequests => [.. HostileProtocols.WithRequests.Keys];

    [CorpusTheory(Recordings.Pydantic)]
    [MemberData(nameof(Protocols))]
    [Trait("Law", "11")]
    public async Task Encode_EventsOfMutatedRecordings_IsReadByEveryProtocol(string name)
    {
        var seeds = await HostileSeeds.OfAsync(HostileProtocols.All[name]);
        var violations = new List<Violation>();
        for (var seed = 0; seed < Responses; seed++)
        {
            violations.AddRange(await ResponseCheck.FindAsync(new BodyMutator(new Random(seed)).Mutate(seeds[seed % seeds.Count])));
        }

        Compare(violations, signature => signature.StartsWith(name + ": decoder", StringComparison.Ordinal) || signature.StartsWith(name + " to ", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(ProtocolsWithRequests))]
    public void ReadRequest_MutatedBodies_AreRefusedOrWrittenAgain(string name)
    {
        var protocol = HostileProtocols.WithRequests[name];
        var violations = new List<Violation>();
        for (var seed = 0; seed < Requests; seed++)
        {
            var body = new JsonMutator(new Random(seed)).Mutate(RequestCheck.Create(protocol, seed));
            if (RequestCheck.Find(protocol, body) is { } violation)
            {
                violations.Add(violation);
            }
        }

        Compare(violations, signature => signature.StartsWith(name + ":", StringComparison.Ordinal) && !signature.Contains("decoder", StringComparison.Ordinal));
    }

    private void Compare(List<Violation> violations, Func<string, bool> isOfThisTest)
    {
        foreach (var group in violations.GroupBy(violation => violation.Signature))
        {
            output.WriteLine($"{group.Key} ({group.Count()} times): {group.First().Detail}");
        }

        violations.Select(violation => violation.Signature).Distinct().Should().BeEquivalentTo(
            HostileGaps.All.Where(isOfThisTest), "what is new is a fault, and what does not happen any more comes off the list of {0}", nameof(HostileGaps));
    }
}
