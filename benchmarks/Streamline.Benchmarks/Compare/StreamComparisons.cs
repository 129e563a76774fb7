using Streamline.Benchmarks.Protocols;
using Streamline.Benchmarks.Real;
using Streamline.Protocols;
using Streamline.TestSupport;

namespace Streamline.Benchmarks.Compare;

/// <summary>Responses read by the client of a provider's own package and by ours, over the same transport. All streams of a protocol, one after another, are one task.</summary>
internal static class StreamComparisons
{
    private const int UniformDeltas = 1000;

    private static readonly (StreamProtocol Protocol, string Name)[] Protocols =
    [
        (StreamProtocols.OpenAIResponses, "OpenAI Responses"),
        (StreamProtocols.OpenAIChat, "OpenAI Chat Completions"),
        (StreamProtocols.Anthropic, "Anthropic Messages"),
        (StreamProtocols.Ollama, "Ollama"),
    ];

    /// <summary>Whether recorded streams are there; otherwise generated ones are read.</summary>
    public static bool HasRecordings => Recordings.All().Count > 0;

    public static async IAsyncEnumerable<Comparison> MeasureAsync(int rounds)
    {
        var recordings = Recordings.All();
        var source = HasRecordings ? "recorded" : "generated";
        foreach (var (protocol, name) in Protocols)
        {
            using var ours = ClientContender.Bare(protocol);
            using var theirs = Peers.Create(protocol)!;
            var bodies = HasRecordings ? recordings.Where(recording => recording.Protocol == protocol).Select(recording => recording.Body) : Generated(protocol);
            List<byte[]> readable = [];
            foreach (var body in bodies)
            {
                // A stream with a fault ends each client in another place.
                if (await CanReadAsync(ours, body) && await CanReadAsync(theirs, body))
                {
                    readable.Add(body);
                }
            }

            if (readable.Count > 0)
            {
                yield return await Duel.RunAsync($"{name}, {readable.Count} {source} streams", Peers.NameOf(protocol), () => ReadAsync(ours, readable), () => ReadAsync(theirs, readable), rounds);
            }
        }
    }

    private static IEnumerable<byte[]> Generated(StreamProtocol protocol) =>
        protocol == StreamProtocols.Anthropic ? [UniformStreams.Anthropic(UniformDeltas)]
        : protocol == StreamProtocols.OpenAIChat ? [UniformStreams.OpenAIChat(UniformDeltas)]
        : protocol == StreamProtocols.OpenAIResponses ? [UniformStreams.OpenAIResponses(UniformDeltas)]
        : [];

    private static async Task<bool> CanReadAsync(IStreamContender contender, byte[] body)
    {
        try
        {
            await contender.ReadAsync(body, int.MaxValue);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    private static async Task ReadAsync(IStreamContender contender, List<byte[]> bodies)
    {
        foreach (var body in bodies)
        {
            await contender.ReadAsync(body, int.MaxValue);
        }
    }
}
