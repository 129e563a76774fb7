using Streamline.Benchmarks.Json;
using Streamline.Benchmarks.Protocols;

namespace Streamline.Benchmarks;

/// <summary>Writes the inputs of the benchmarks to files, so that peers of other platforms can be measured on the same bytes.</summary>
internal static class Payloads
{
    private const int Deltas = 1000;

    public static void WriteTo(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var bytes in new[] { 1000, 10_000, 100_000, 1_000_000 })
        {
            File.WriteAllBytes(Path.Combine(folder, $"json-{bytes}.json"), JsonPayload.Create(bytes));
        }

        File.WriteAllBytes(Path.Combine(folder, "anthropic.sse"), UniformStreams.Anthropic(Deltas));
        File.WriteAllBytes(Path.Combine(folder, "openai-chat.sse"), UniformStreams.OpenAIChat(Deltas));
    }
}
