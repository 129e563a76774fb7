using Streamline.Benchmarks.Protocols;
using Streamline.TestSupport;

namespace Streamline.Benchmarks.Real;

/// <summary>The quick way to measure on recorded streams: <c>-- real [rounds]</c> prints the tables of <c>benchmarks/results/real-streams.md</c>.</summary>
internal static class RealMode
{
    public const int DefaultRounds = 100;

    private const int UniformDeltas = 1000;

    public static async Task RunAsync(int rounds)
    {
        Recording[] recordings = [.. Recordings.All(), .. Uniform()];
        if (recordings.All(recording => recording.Source == RealReport.Uniform))
        {
            Console.Error.WriteLine(Corpora.SkipReason(Recordings.Pydantic));
            return;
        }

        var times = new LeastTimes();
        await times.MeasureAsync(recordings, rounds);
        Console.Write(RealReport.Write([.. times.Streams], times.LeftOut));
    }

    private static IEnumerable<Recording> Uniform() =>
    [
        new(StreamProtocols.Anthropic, RealReport.Uniform, "anthropic", UniformStreams.Anthropic(UniformDeltas)),
        new(StreamProtocols.OpenAIChat, RealReport.Uniform, "openai", UniformStreams.OpenAIChat(UniformDeltas)),
        new(StreamProtocols.OpenAIResponses, RealReport.Uniform, "openai-responses", UniformStreams.OpenAIResponses(UniformDeltas)),
    ];
}
