using System.Text.RegularExpressions;
using Streamline.TestSupport;

namespace Streamline.Architecture.Tests;

/// <summary>
/// Every block of C# in the README is a region of a sample that is compiled: the line above it names the file and the region. To
/// write the regions into the README, run the tests with the environment variable <c>STREAMLINE_ACCEPT_SNIPPETS=1</c>.
/// </summary>
public sealed partial class ReadmeTests
{
    private static readonly string File = Repository.Combine("README.md");

    [Fact]
    public void Snippets_OfTheReadme_AreCompiledInSamples()
    {
        var readme = System.IO.File.ReadAllText(File);
        var written = Snippet().Replace(readme, match => $"{match.Groups["marker"].Value}\n```csharp\n{Region(match.Groups["file"].Value, match.Groups["region"].Value)}\n```");
        if (Environment.GetEnvironmentVariable("STREAMLINE_ACCEPT_SNIPPETS") == "1")
        {
            System.IO.File.WriteAllText(File, written);
            readme = written;
        }

        readme.Should().Be(written);
    }

    [Fact]
    public void CodeBlocks_OfTheReadme_AllNameTheirSample()
    {
        var readme = System.IO.File.ReadAllText(File);

        CSharpBlock().Count(readme).Should().Be(Snippet().Count(readme));
        Snippet().Count(readme).Should().BePositive();
    }

    private static string Region(string file, string region)
    {
        var lines = System.IO.File.ReadAllLines(Repository.Combine(file.Split('/')));
        var first = Array.FindIndex(lines, line => line.Trim() == $"// begin: {region}") + 1;
        var end = Array.FindIndex(lines, line => line.Trim() == $"// end: {region}");
        first.Should().BePositive($"{file} has a region {region}");
        end.Should().BeGreaterThan(first, $"the region {region} of {file} ends");
        var code = lines[first..end];
        var indent = code.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', code.Select(line => line.Length > 0 ? line[indent..] : line));
    }

    [GeneratedRegex("""(?<marker><!-- snippet: (?<file>\S+) (?<region>\S+) -->)\n```csharp\n(?<code>.*?)```""", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Snippet();

    [GeneratedRegex("^```csharp$", RegexOptions.Multiline)]
    private static partial Regex CSharpBlock();
}
