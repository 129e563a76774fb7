using System.Text.RegularExpressions;
using Streamline.Protocols;
using Streamline.Testing;
using Streamline.TestSupport;

namespace Streamline.Architecture.Tests;

/// <summary>
/// Each page says at its top which package and which namespaces its code needs besides the implicit usings, so that what is copied compiles. The line is made of what the
/// compiler finds in the snippets, and of the types that the text names; to write it, run the tests with the environment variable <c>STREAMLINE_ACCEPT_SNIPPETS=1</c>.
/// </summary>
public sealed partial class PageUsingsTests
{
    /// <summary>Pages for those who work on this repository, and the one whose first steps say everything themselves.</summary>
    private static readonly string[] Exempt = ["README.md", "docs/adding-a-protocol.md"];

    private static readonly ILookup<string, string> Namespaces = new[] { typeof(StreamProtocol), typeof(ToolSet), typeof(ScriptedProvider) }
        .SelectMany(known => known.Assembly.GetExportedTypes())
        .Where(type => !type.IsNested)
        .ToLookup(type => type.Name.Split('`')[0], type => type.Namespace!, StringComparer.Ordinal);

    public static TheoryData<string> Pages => [.. ReadmeTests.Pages.Cast<object[]>().Select(row => (string)row[0]).Except(Exempt), "docs/structured-output.md"];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Usings_OfAPage_AreWhatItsCodeNeeds(string page)
    {
        var path = Repository.Combine(page.Split('/'));
        var text = File.ReadAllText(path);
        var needs = SnippetModel.Needs.Of([.. Snippet().Matches(text).Select(NeedsOf)]);
        needs.Unknown.Should().BeEmpty("a name that is not understood may need a namespace that the line does not have");

        var line = Line(needs, [.. needs.Inferred.Concat(NamedBy(text)).Distinct().Where(name => name.StartsWith("Streamline.", StringComparison.Ordinal)).Except(needs.Usings).Order(StringComparer.Ordinal)]);
        var written = Usings().IsMatch(text) ? Usings().Replace(text, line) : Heading().Replace(text, $"$0\n\n{line}", 1);
        if (Environment.GetEnvironmentVariable("STREAMLINE_ACCEPT_SNIPPETS") == "1")
        {
            File.WriteAllText(path, written);
            text = written;
        }

        text.Should().Be(written);
    }

    private static IEnumerable<string> NamedBy(string text) =>
        InlineCode().Matches(Block().Replace(Usings().Replace(text, ""), "")).SelectMany(match => Namespaces[match.Groups["name"].Value]);

    private static string Line(SnippetModel.Needs needs, List<string> others)
    {
        var sdk = needs.Sdk == "Microsoft.NET.Sdk" ? "" : $"a project of the SDK `{needs.Sdk}`, ";
        return $"<!-- usings -->\nThe code on this page needs {sdk}{List("package", needs.Packages)}, and {List("namespace", needs.Usings)}.{(others.Count > 0 ? $" Other types on this page are in {List("namespace", others)}." : "")}\n<!-- end -->";
    }

    private static string List(string what, IEnumerable<string> names)
    {
        var list = names.Select(name => $"`{name}`").ToList();
        return list.Count == 1 ? $"the {what} {list[0]}" : $"the {what}s {string.Join(", ", list[..^1])} and {list[^1]}";
    }

    private static SnippetModel.Needs NeedsOf(Match snippet)
    {
        var file = snippet.Groups["file"] is { Success: true } named ? named.Value : "tests/Streamline.Core.Tests/Structured/StructuredOutputPageTests.cs";
        var lines = File.ReadAllLines(Repository.Combine(file.Split('/')));
        var region = snippet.Groups["region"].Value;
        var (first, end) = region == "*" ? (0, lines.Length)
            : (Array.FindIndex(lines, line => line.Trim() == $"// begin: {region}") + 1, Array.FindIndex(lines, line => line.Trim() == $"// end: {region}"));
        return SnippetModel.Of(file).Find(file, first, end);
    }

    [GeneratedRegex(@"<!-- snippet: (?:(?<file>\S+/\S+) )?(?<region>\S+) -->", RegexOptions.ExplicitCapture)]
    private static partial Regex Snippet();

    [GeneratedRegex("<!-- usings -->\n.*?\n<!-- end -->", RegexOptions.Singleline)]
    private static partial Regex Usings();

    [GeneratedRegex("`(?<name>[A-Za-z]+)[^`\n]*`", RegexOptions.ExplicitCapture)]
    private static partial Regex InlineCode();

    [GeneratedRegex("^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex("^# .+$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
