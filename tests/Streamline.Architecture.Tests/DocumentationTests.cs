using System.Reflection;
using System.Text.RegularExpressions;
using Streamline.Protocols;
using Streamline.Testing;
using Streamline.TestSupport;

namespace Streamline.Architecture.Tests;

/// <summary>The pages of the documentation are complete, and their links lead somewhere.</summary>
public sealed partial class DocumentationTests
{
    private const int MaxReadmeLines = 200;

    /// <summary>Pages whose C# is checked by tests beside the feature.</summary>
    private static readonly string[] CheckedElsewhere = ["docs/structured-output.md", "docs/partial-json.md"];

    private static IEnumerable<string> Pages => Directory.EnumerateFiles(Repository.Combine("docs"), "*.md").Select(NameOf).Order(StringComparer.Ordinal);

    private static IEnumerable<string> AllPages =>
        [.. Pages, "README.md", "CONTRIBUTING.md", "SECURITY.md", "AGENTS.md", .. Directory.EnumerateFiles(Repository.Combine("benchmarks", "results"), "*.md").Select(NameOf)];

    [Fact]
    public void Links_OfEveryPage_LeadSomewhere()
    {
        var broken = from page in AllPages
                     from Match link in Link().Matches(Code().Replace(Read(page), ""))
                     let target = link.Groups["target"].Value
                     where !target.Contains("://", StringComparison.Ordinal) && !IsThere(page, target)
                     select $"{page}: {target}";

        broken.Should().BeEmpty();
    }

    [Fact]
    public void Index_OfTheDocumentation_ListsEveryPage()
    {
        var index = Read("docs/README.md");
        var overview = Read("llms.txt");
        var site = Read("eng/site/docs/toc.yml");

        Pages.Where(page => page != "docs/README.md" && !index.Contains($"({Path.GetFileName(page)})", StringComparison.Ordinal)).Should().BeEmpty("docs/README.md lists every page");
        Pages.Where(page => !overview.Contains($"({page})", StringComparison.Ordinal)).Should().BeEmpty("llms.txt lists every page");
        Pages.Where(page => page != "docs/README.md" && !site.Contains($"/{page}", StringComparison.Ordinal)).Should().BeEmpty("eng/site/docs/toc.yml lists every page");
    }

    [Fact]
    public void Readme_IsShort() => Read("README.md").Split('\n').Should().HaveCountLessThan(MaxReadmeLines);

    [Fact]
    public void Pages_WithCode_AreCompiled() =>
        Pages.Where(page => Read(page).Contains("```csharp", StringComparison.Ordinal)).Except(CheckedElsewhere)
            .Should().BeSubsetOf(ReadmeTests.Pages.Cast<object[]>().Select(row => (string)row[0]));

    /// <summary>The name of every property of a public options class stands somewhere in the documentation, as code.</summary>
    [Fact]
    public void Options_OfEveryPackage_AreDocumented()
    {
        var code = InlineCode().Matches(string.Concat(Pages.Select(Read))).SelectMany(match => Word().Matches(match.Value)).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);
        var missing = from type in new[] { typeof(StreamProtocol), typeof(ToolSet), typeof(ScriptedProvider) }.SelectMany(known => known.Assembly.GetExportedTypes())
                      where type.Name.Split('`')[0].EndsWith("Options", StringComparison.Ordinal)
                      from property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
                      where !code.Contains(property.Name)
                      select $"{type.Name}.{property.Name}";

        missing.Should().BeEmpty();
    }

    private static bool IsThere(string page, string target)
    {
        var parts = target.Split('#');
        var file = parts[0].Length == 0 ? page : NameOf(Path.GetFullPath(Path.Combine(Repository.Combine(page.Split('/')), "..", parts[0])));
        var path = Repository.Combine(file.Split('/'));
        return Path.Exists(path) && (parts.Length == 1 || !file.EndsWith(".md", StringComparison.Ordinal) || Anchors(file).Contains(parts[1]));
    }

    // As GitHub makes them of headings.
    private static HashSet<string> Anchors(string page) => Heading().Matches(Read(page))
        .Select(match => NotInAnchor().Replace(match.Groups["text"].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'))
        .ToHashSet(StringComparer.Ordinal);

    private static string Read(string page) => File.ReadAllText(Repository.Combine(page.Split('/')));

    private static string NameOf(string path) => Path.GetRelativePath(Repository.Root, path).Replace(Path.DirectorySeparatorChar, '/');

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Link();

    [GeneratedRegex("^```.*?^```|`[^`\n]*`", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Code();

    [GeneratedRegex("`[^`\n]+`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

    [GeneratedRegex("^#+ (?<text>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();
}
