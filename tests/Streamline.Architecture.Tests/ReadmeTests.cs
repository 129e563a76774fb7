using System.Text.RegularExpressions;
using Streamline.TestSupport;

namespace Streamline.Architecture.Tests;

/// <summary>
/// Every block of C# in the README and in docs is a region of a file that is compiled: the line above it names the file and the
/// region; <c>*</c> is the whole file. To write the regions into the README, run the tests with the environment variable <c>STREAMLINE_ACCEPT_SNIPPETS=1</c>.
/// </summary>
public sealed partial class ReadmeTests
{
    public static TheoryData<string> Pages =>
    [
        "README.md", "docs/getting-started.md", "docs/events.md", "docs/conversations.md", "docs/providers.md", "docs/migration.md", "docs/bridges.md",
        "docs/pipeline.md", "docs/retry.md", "docs/backpressure.md", "docs/aspnetcore.md", "docs/testing.md", "docs/sse.md", "docs/performance.md",
        "docs/tools.md", "docs/approvals.md", "docs/loop-control.md", "docs/tool-resources.md", "docs/tool-context.md", "docs/streamed-results.md", "docs/streaming-tools.md", "docs/snapshots.md", "docs/adding-a-protocol.md",
        "docs/markdown.md", "docs/code-blocks.md", "docs/sentences.md", "docs/smoothing.md", "docs/guard.md", "docs/text-analysis.md",
        "docs/many-streams.md", "docs/log-analysis.md", "docs/sessions.md", "docs/progressive.md",
        "docs/continue.md", "docs/timeouts.md",
        "docs/rate-limits.md", "docs/failover.md", "docs/hedging.md", "docs/telemetry.md", "docs/cache.md",
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Snippets_OfAPage_AreCompiledInSamples(string page)
    {
        var file = Repository.Combine(page.Split('/'));
        var readme = File.ReadAllText(file);
        var written = Snippet().Replace(readme, match => $"{match.Groups["marker"].Value}\n```csharp\n{Region(match.Groups["file"].Value, match.Groups["region"].Value)}\n```");
        if (Environment.GetEnvironmentVariable("STREAMLINE_ACCEPT_SNIPPETS") == "1")
        {
            File.WriteAllText(file, written);
            readme = written;
        }

        readme.Should().Be(written);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void CodeBlocks_OfAPage_AllNameTheirSample(string page)
    {
        var readme = File.ReadAllText(Repository.Combine(page.Split('/')));

        CSharpBlock().Count(readme).Should().Be(Snippet().Count(readme));
        Snippet().Count(readme).Should().BePositive();
    }

    private static string Region(string file, string region)
    {
        var lines = File.ReadAllLines(Repository.Combine(file.Split('/')));
        if (region == "*")
        {
            return string.Join('\n', lines);
        }

        var first = Array.FindIndex(lines, line => line.Trim() == $"// begin: {region}") + 1;
        var end = Array.FindIndex(lines, line => line.Trim() == $"// end: {region}");
        first.Should().BePositive($"{file} has a region {region}");
        end.Should().BeGreaterThan(first, $"the region {region} of {file} ends");
        var code = lines[first..end];
        var indent = code.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', code.Select(line => line.Length > 0 ? line[indent..] : line)).TrimEnd('\n');
    }

    [GeneratedRegex("""(?<marker><!-- snippet: (?<file>\S+) (?<region>\S+) -->)\n```csharp\n(?<code>.*?)```""", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Snippet();

    [GeneratedRegex("^```csharp$", RegexOptions.Multiline)]
    private static partial Regex CSharpBlock();
}
