using System.Text.RegularExpressions;
using Streamline.TestSupport;

namespace Streamline.Architecture.Tests;

/// <summary>
/// Comments, messages and documentation are plain English. The table lists words that made earlier texts read like a translation, and what to write instead. It finds the word, not the style:
/// read what you wrote aloud.
/// </summary>
public sealed partial class LanguageTests
{
    private static readonly string[] CodeFolders = ["src", "samples", "templates", "eng"];

    private static readonly (string Pattern, string Instead)[] Words =
    [
        (@"\bgo(es|ing|ne)? on\b", "continue, resume"),
        (@"\b(is|are|as) void\b", "is discarded"),
        (@"(?<!leaves? nothing |lags? )\bbehind\b(?! one interface)", "after"),
        (@"\bwires?\b", "protocol, provider API"),
        (@"(?<!\bthere )\b(is|are|was|were) no (?!longer|more\b)(?=\w)", "is not a; missing, invalid, unsupported"),
        (@"\bbears\b|\bborne\b", "has, is called"),
        (@"\bdoors?\b", "overload, entry point"),
        (@"\bas (it|they) came\b", "unchanged, as received"),
        (@"\bwhoever\b", "name who it is"),
        (@"\bbut for\b", "except"),
        (@"\bbr(oke|eak|eaks|oken) off\b", "is interrupted"),
        (@"\b(looks|asks|asked) whether\b", "checks that"),
        (@"\bis the matter of\b", "is up to"),
        (@"\b(gives?|given|gave|giving) out\b", "returns, sends"),
        (@"\botherwise than\b", "differently from"),
        (@"\bhow it stands\b", "say what is known"),
        (@"\bshall\b", "must, is to"),
        (@"\bof before\b", "earlier"),
        (@"\ball that there is\b", "only"),
        (@"\bhereof\b|\bthereof\b|\bwherefore\b|\bwhence\b", "of it, why"),
        (@"\bstands? (in|at|beside|between|before|after|there|behind)\b", "is in, is at"),
    ];

    private static readonly (Regex Word, string Instead)[] Table =
        [.. Words.Select(word => (new Regex(word.Pattern, RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5)), word.Instead))];

    [Fact]
    public void CommentsAndMessages_OfTheCode_ArePlainEnglish() => Offenders(CodeFolders.SelectMany(folder => Files(folder, "*.cs")), TextOfCode).Should().BeEmpty();

    [Fact]
    public void Documentation_IsPlainEnglish() =>
        Offenders([.. Files("docs", "*.md"), .. new[] { "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "AGENTS.md", "llms.txt" }.Select(file => Repository.Combine(file))], TextOfPage)
            .Should().BeEmpty();

    [Theory]
    [InlineData("/// <summary>The stream goes on.</summary>")]
    [InlineData("throw new ArgumentException(\"The value is no number.\");")]
    [InlineData("var x = 1; // whoever asks")]
    public void TextOfCode_WithSuchAWord_IsFound(string line) => Found(TextOfCode(line)).Should().NotBeEmpty();

    [Theory]
    [InlineData("var wire = behind.GoesOn();")]
    [InlineData("/// <summary>There is no limit.</summary>")]
    [InlineData("/// <summary>It leaves nothing behind.</summary>")]
    public void TextOfCode_WithoutSuchAWord_IsNotFound(string line) => Found(TextOfCode(line)).Should().BeEmpty();

    private static IEnumerable<string> Offenders(IEnumerable<string> files, Func<string, string> textOf) =>
        from file in files
        from line in File.ReadLines(file).Select((text, index) => (Text: text, Number: index + 1))
        from found in Found(textOf(line.Text))
        select $"{Path.GetRelativePath(Repository.Root, file)}:{line.Number}: {found}";

    private static IEnumerable<string> Found(string text) =>
        text.Length == 0 ? [] : Table.SelectMany(row => row.Word.Matches(text).Select(match => $"'{match.Value.Trim()}'; better: {row.Instead}"));

    /// <summary>The comment and the string literals of a line of code; what is marked as code in a comment is left out.</summary>
    private static string TextOfCode(string line)
    {
        var comment = Comment().Match(line);
        var literals = Literal().Matches(comment.Success ? line[..comment.Index] : line).Select(match => match.Value);
        return MarkedCode().Replace($"{string.Join(" ", literals)} {comment.Value}", "");
    }

    private static string TextOfPage(string line) => MarkedCode().Replace(line, "");

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Repository.Combine(folder), pattern, SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"));

    [GeneratedRegex(@"(^|\s)//.*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"""(?:[^""\\]|\\.)*""")]
    private static partial Regex Literal();

    [GeneratedRegex("`[^`]*`|<c>.*?</c>|{[^{}]*}")]
    private static partial Regex MarkedCode();
}
