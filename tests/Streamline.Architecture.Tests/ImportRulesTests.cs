namespace Streamline.Architecture.Tests;

/// <summary>Who may import whom among the folders of Streamline.Core.</summary>
public sealed class ImportRulesTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Errors"] = [],
        ["Events"] = ["Errors", "Json"],
        ["Json"] = ["Errors"],
        ["Sse"] = ["Errors"],

        // How bytes become frames for a decoder: server-sent events are one of several formats, and the reader of them stays usable alone.
        ["Framing"] = ["Errors", "Sse"],
        ["Pipeline"] = ["Errors", "Events"],
        ["Protocols"] = ["Errors", "Events", "Framing", "Json", "Sse"],
        ["Http"] = ["Errors", "Events", "Framing", "Pipeline", "Protocols", "Sse"],
        ["Middleware"] = ["Errors", "Events", "Pipeline"],
        ["Bridges"] = ["Errors", "Events", "Pipeline"],
        ["Structured"] = ["Errors", "Events", "Json", "Pipeline"],
        ["Hosting"] = ["*"],
    };

    /// <summary>What a folder may use of another one that it may not import as a whole.</summary>
    private static readonly (string From, string To, string Type)[] AllowedTypes =
    [
        ("Protocols", "Pipeline", "StreamRequest"),

        // The documentation of a protocol's reading door points to the contract that it keeps.
        ("Protocols", "Pipeline", "IStreamClient"),
    ];

    [Fact]
    public void Sources_OfCore_AreUnderstood() => SourceModel.Core.Unresolved().Should().BeEmpty();

    [Fact]
    public void Folders_OfCore_AllHaveARule() =>
        SourceModel.Core.Folders().Select(RuleOf).Should().OnlyContain(rule => Allowed.ContainsKey(rule));

    [Fact]
    public void Imports_OfCore_FollowTheRules()
    {
        var forbidden = SourceModel.Core.Imports()
            .Where(import => !IsAllowed(import))
            .Select(import => $"{import.File} uses {import.Type} of {import.To}");

        forbidden.Should().BeEmpty();
    }

    [Theory]
    [InlineData("Json", "Sse")]
    [InlineData("Sse", "Json")]
    [InlineData("Errors", "Events")]
    [InlineData("Sse", "Framing")]
    [InlineData("Middleware/Retry", "Middleware/Timeouts")]
    [InlineData("Middleware/Retry", "Protocols")]
    public void IsAllowed_ForbiddenImport_IsFalse(string from, string to) =>
        IsAllowed(new SourceModel.Import(from, to, "File.cs", "AnyType")).Should().BeFalse();

    [Fact]
    public void Imports_OfCore_AreSeen() =>
        SourceModel.Core.Imports().Should().Contain(import => import.From == "Http" && import.To == "Protocols");

    private static string RuleOf(string folder) => folder.Split('/')[0];

    private static bool IsAllowed(SourceModel.Import import) =>
        Allowed[RuleOf(import.From)] is var targets
        && (targets.Contains("*")
            || targets.Contains(import.To)
            || AllowedTypes.Contains((import.From, import.To, import.Type)));
}
