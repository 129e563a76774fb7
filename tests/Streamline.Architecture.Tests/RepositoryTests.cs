using System.Text.RegularExpressions;
using Streamline.TestSupport;

namespace Streamline.Architecture.Tests;

/// <summary>What holds for every source file.</summary>
public sealed partial class RepositoryTests
{
    private const int MaxLines = 400;

    private static readonly string[] Folders = ["src", "tests", "benchmarks", "samples", "templates", "eng"];

    [Fact]
    public void SourceFiles_HaveAtMost400Lines() =>
        SourceFiles()
            .Select(file => (File: Path.GetRelativePath(Repository.Root, file), Lines: File.ReadLines(file).Count()))
            .Where(file => file.Lines > MaxLines)
            .Should().BeEmpty();

    [Fact]
    public void SourceFiles_LeaveNothingUnfinished() =>
        SourceFiles()
            .Where(file => Path.GetFileName(file) != "RepositoryTests.cs")
            .SelectMany(file => File.ReadLines(file).Where(line => Unfinished().IsMatch(line)).Select(line => $"{Path.GetRelativePath(Repository.Root, file)}: {line.Trim()}"))
            .Should().BeEmpty();

    [Fact]
    public void Tests_CarryTheNumberOfEveryLaw()
    {
        var laws = SourceFiles()
            .SelectMany(file => LawTrait().Matches(File.ReadAllText(file)))
            .Select(match => int.Parse(match.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture))
            .ToHashSet();

        laws.Should().BeEquivalentTo(Enumerable.Range(1, 14));
    }

    private static IEnumerable<string> SourceFiles() => Folders
        .SelectMany(folder => Directory.EnumerateFiles(Repository.Combine(folder), "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"));

    [GeneratedRegex(@"NotImplementedException|\bTODO\b|\bFIXME\b|\bHACK\b")]
    private static partial Regex Unfinished();

    [GeneratedRegex("""Trait\("Law", "(\d+)"\)""")]
    private static partial Regex LawTrait();
}
