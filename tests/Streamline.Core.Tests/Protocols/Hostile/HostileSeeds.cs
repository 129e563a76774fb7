using Streamline.Framing;
using Streamline.Protocols;
using Streamline.Tests.Protocols.WireCases;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols.Hostile;

/// <summary>The bodies that are changed: recordings, and what servers were reported to send. None is written by the encoders under test.</summary>
internal static class HostileSeeds
{
    private const int MostBytes = 6 * 1024;

    /// <summary>The bodies of a protocol. Payloads of the same form are tried in each of the framings that carry them.</summary>
    public static async Task<List<HostileBody>> OfAsync(StreamProtocol protocol)
    {
        var form = protocol == StreamProtocols.BedrockAnthropic ? StreamProtocols.Anthropic : protocol;
        var seeds = new List<HostileBody>();
        foreach (var (source, body) in Bodies().Where(body => body.Protocol.Name == form.Name))
        {
            try
            {
                var parsed = await HostileBody.ParseAsync(source, body);
                seeds.Add(parsed with { Protocol = protocol });
            }
            catch (StreamProtocolException)
            {
                // Some reported bodies break the framing itself.
            }
        }

        return [.. seeds.Where(seed => seed.Frames.Count > 0)];
    }

    private static IEnumerable<(StreamProtocol Protocol, byte[] Body)> Bodies() => Recordings.All()
        .Where(recording => recording.Body.Length <= MostBytes)
        .DistinctBy(recording => recording.Body.Length)
        .Select(recording => (recording.Protocol, recording.Body))
        .Concat(WireCase.All.Values
            .Where(wireCase => wireCase.Protocol != StreamProtocols.GeminiJsonArray || wireCase.Answers[0].Body.Span is [(byte)'[', .., (byte)']'])
            .Select(wireCase => (wireCase.Protocol, wireCase.Answers[0].Body.ToArray())));
}
