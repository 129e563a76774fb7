using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Streamline.Benchmarks.Protocols;
using Streamline.Benchmarks.Real;
using Streamline.Protocols;

namespace Streamline.Benchmarks.Compare;

/// <summary>The npm clients of benchmarks/peers-node, on generated streams whose bytes are in memory; each is another process, so their times are less comparable than those of .NET.</summary>
internal static class NodePeers
{
    private const int Deltas = 1000;
    private const int Chunk = 4096;

    /// <returns>The comparisons; or why there are none.</returns>
    public static async Task<(IReadOnlyList<Comparison> Comparisons, string? Reason)> MeasureAsync(string folder, int rounds)
    {
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
        {
            return ([], $"npm packages are not installed: run 'npm install' in {Path.GetRelativePath(Environment.CurrentDirectory, folder)}");
        }

        Payloads.WriteTo(Path.Combine(folder, "payloads"));
        if (await RunAsync(folder) is not { } output)
        {
            return ([], "there is no node on this machine, or its program failed");
        }

        var anthropic = await OursAsync(StreamProtocols.Anthropic, UniformStreams.Anthropic(Deltas), rounds);
        var openai = await OursAsync(StreamProtocols.OpenAIChat, UniformStreams.OpenAIChat(Deltas), rounds);
        return ([.. Rows(output).Select(row => new Comparison(
            row.Name.StartsWith("openai", StringComparison.Ordinal) ? "OpenAI Chat Completions, per delta" : "Anthropic Messages, per delta",
            $"npm: {row.Name}",
            row.Name.StartsWith("openai", StringComparison.Ordinal) ? openai : anthropic,
            row.Time))], null);
    }

    // | peer | least | median | events |
    private static IEnumerable<(string Name, double Time)> Rows(string output) =>
        from line in output.Split('\n')
        let cells = line.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        where cells.Length == 4 && !cells[0].StartsWith("eventsource-parser", StringComparison.Ordinal)
        let time = double.TryParse(cells[1], NumberStyles.Number, CultureInfo.InvariantCulture, out var parsed) ? parsed : 0
        where time > 0
        select (cells[0], time);

    private static async Task<double> OursAsync(StreamProtocol protocol, byte[] body, int rounds)
    {
        using var client = ClientContender.Bare(protocol);
        var measured = await Duel.RunAsync("", "", () => client.ReadAsync(body, Chunk), () => Task.CompletedTask, rounds);
        return measured.Ours / Deltas;
    }

    private static async Task<string?> RunAsync(string folder)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("node", "streams.mjs") { WorkingDirectory = folder, RedirectStandardOutput = true, UseShellExecute = false })!;
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? output : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
