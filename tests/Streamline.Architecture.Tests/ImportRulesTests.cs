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

        // Continuing an answer is what retrying and another client may both do.
        ["Resilience"] = ["Errors", "Events", "Pipeline", "Resilience/Continue"],
        ["Diagnostics"] = ["Errors", "Events", "Pipeline"],
        ["Bridges"] = ["Errors", "Events", "Pipeline"],
        ["Structured"] = ["Errors", "Events", "Json", "Pipeline"],
        ["Text"] = ["Errors", "Events", "Json", "Pipeline"],
        ["Workflows"] = ["Errors", "Events", "Pipeline"],
        ["Hosting"] = ["*"],

        // What a user calls on clients, builders and streams; each method calls the feature that does the work.
        ["Extensions"] = ["*"],
    };

    /// <summary>What a protocol, or the shared room, may use of a protocol.</summary>
    private static readonly HashSet<(string From, string To, string Type)> Seams =
    [
        // The two APIs of OpenAI have one form of errors, and files in common.
        ("Protocols/OpenAIResponses", "Protocols/OpenAIChat", "OpenAIChatErrorWriter"),
        ("Protocols/OpenAIResponses", "Protocols/OpenAIChat", "OpenAIChatPartReader"),

        // Bedrock carries Anthropic's requests and events in a framing of its own.
        ("Protocols/Bedrock", "Protocols/Anthropic", "AnthropicEventDecoder"),
        ("Protocols/Bedrock", "Protocols/Anthropic", "AnthropicProtocol"),
        ("Protocols/Bedrock", "Protocols/Anthropic", "AnthropicRequestWriter"),
        ("Protocols/Bedrock", "Protocols/Anthropic", "AnthropicResponseWriter"),

        // Its models and their rules of conversation are Anthropic's too.
        ("Protocols/Bedrock", "Protocols/Anthropic", "AnthropicConversation"),

        // The same models, told the same.
        ("Protocols/GeminiInteractions", "Protocols/Gemini", "GeminiReasoning"),
    ];

    private const string Protocols = "Protocols";

    /// <summary>What a folder may use of another one that it may not import as a whole.</summary>
    private static readonly (string From, string To, string Type)[] AllowedTypes =
    [
        ("Protocols", "Pipeline", "StreamRequest"),

        // A whole response is read in the same way everywhere.
        ("Bridges", "Extensions", "StreamClientExtensions"),

        // A chat client is a source as a protocol is: the same rules hold for the ids of its calls, its values and its failures.
        ("Bridges", "Protocols/Shared", "ToolCallIds"),
        ("Bridges", "Protocols/Shared", "ContentValues"),
        ("Bridges", "Protocols/Shared", "ErrorCodes"),

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
    [InlineData("Resilience/Retry", "Resilience/Timeouts")]
    [InlineData("Resilience/Continue", "Resilience/Retry")]
    [InlineData("Resilience/Retry", "Protocols")]
    [InlineData("Diagnostics/Logging", "Diagnostics/Telemetry")]
    [InlineData("Text", "Extensions")]
    [InlineData("Protocols/Shared", "Protocols/Anthropic")]
    [InlineData("Protocols/Gemini", "Protocols/OpenAIChat")]
    [InlineData("Protocols/Anthropic", "Protocols/Bedrock")]
    public void IsAllowed_ForbiddenImport_IsFalse(string from, string to) =>
        IsAllowed(new SourceModel.Import(from, to, "File.cs", "AnyType")).Should().BeFalse();

    [Fact]
    public void Imports_OfCore_AreSeen() =>
        SourceModel.Core.Imports().Should().Contain(import => import.From == "Http" && import.To == "Protocols");

    private static string RuleOf(string folder) => folder.Split('/')[0];

    private static bool IsAllowed(SourceModel.Import import) =>
        RuleOf(import.From) == Protocols && RuleOf(import.To) == Protocols
            ? IsAllowedAmongProtocols(import)
            : Allowed[RuleOf(import.From)] is var targets
                && (targets.Contains("*")
                    || targets.Contains(RuleOf(import.To) == Protocols ? Protocols : import.To)
                    || AllowedTypes.Contains((RuleOf(import.From), import.To, import.Type)));

    // The folder itself makes the protocols. Each of them knows the shared room, which knows none of them, and no other protocol but by a named seam.
    private static bool IsAllowedAmongProtocols(SourceModel.Import import) =>
        import.From == Protocols || import.To is Protocols or "Protocols/Shared" || Seams.Contains((import.From, import.To, import.Type));
}
