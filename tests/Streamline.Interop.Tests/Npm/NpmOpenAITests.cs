using Streamline.TestSupport;

namespace Streamline.Interop.Tests.Npm;

/// <summary>The official npm package <c>openai</c> reads our encoders and the gateway, whichever wire that has behind it.</summary>
public class NpmOpenAITests
{
    [NodeTheory(NodeClients.Folder)]
    [InlineData("chat", NodeClients.Direct)]
    [InlineData("chat", NodeClients.GatewayToAnthropic)]
    [InlineData("chat", NodeClients.GatewayToOpenAI)]
    [InlineData("chatCreate", NodeClients.GatewayToAnthropic)]
    [InlineData("chatCreate", NodeClients.GatewayToOpenAI)]
    [InlineData("responses", NodeClients.Direct)]
    [InlineData("responses", NodeClients.GatewayToAnthropic)]
    [InlineData("responses", NodeClients.GatewayToOpenAI)]
    [InlineData("responsesCreate", NodeClients.GatewayToAnthropic)]
    [InlineData("responsesCreate", NodeClients.GatewayToOpenAI)]
    public async Task Everything_IsReadWhole(string client, string server)
    {
        var read = await ReadAsync(client, server, InteropCases.Everything);

        read.ErrorMessage.Should().BeNull();
        read.Whole.Should().Be(InteropCases.Text);
        read.Calls.Should().Equal(InteropCases.Calls);
        (read.Id, read.Model, read.Finish).Should().Be(("id_1", InteropCases.Everything, client.StartsWith("chat", StringComparison.Ordinal) ? "tool_calls" : "completed"));
        read.Usage.Should().Be((120, 42, 20));
        if (!client.EndsWith("Create", StringComparison.Ordinal))
        {
            read.Text.Should().Be(InteropCases.Text);
        }

        if (client.StartsWith("responses", StringComparison.Ordinal))
        {
            read.Thinking.Should().Equal((InteropCases.Reasoning, "c2lnbmF0dXJl"));
        }
    }

    [NodeTheory(NodeClients.Folder)]
    [InlineData("chat", NodeClients.Direct, "length")]
    [InlineData("chat", NodeClients.GatewayToOpenAI, "length")]
    [InlineData("chatCreate", NodeClients.GatewayToOpenAI, "length")]
    [InlineData("responses", NodeClients.Direct, "max_output_tokens")]
    [InlineData("responses", NodeClients.GatewayToOpenAI, "max_output_tokens")]
    [InlineData("responsesCreate", NodeClients.GatewayToOpenAI, "max_output_tokens")]
    public async Task EarlyEnds_AreTold(string client, string server, string word)
    {
        var refusal = await ReadAsync(client, server, InteropCases.Refusal);
        var length = await ReadAsync(client, server, InteropCases.Length);

        refusal.Refusal.Should().Be("I will not.");
        (length.Whole, length.Finish).Should().Be(("Too lo", word));
    }

    [NodeTheory(NodeClients.Folder)]
    [InlineData("chat")]
    [InlineData("chatCreate")]
    public async Task Refusal_OfAWireThatTellsItOnlyAtTheEnd_IsAContentFilter(string client)
    {
        var refusal = await ReadAsync(client, NodeClients.GatewayToAnthropic, InteropCases.Refusal);

        (refusal.Whole, refusal.Finish).Should().Be(("I will not.", "content_filter"));
    }

    [NodeTheory(NodeClients.Folder)]
    [InlineData("chat", NodeClients.Direct)]
    [InlineData("chat", NodeClients.GatewayToAnthropic)]
    [InlineData("chat", NodeClients.GatewayToOpenAI)]
    [InlineData("responses", NodeClients.Direct)]
    [InlineData("responses", NodeClients.GatewayToAnthropic)]
    public async Task Failures_OfAStream_AreThePackagesErrors(string client, string server)
    {
        var inside = await ReadAsync(client, server, InteropCases.ErrorInside);
        var cut = await ReadAsync(client, server, InteropCases.Cut);
        var limited = await ReadAsync(client, server, InteropCases.RateLimit);

        (inside.Text, inside.ErrorMessage).Should().Be(("Hi there", "In these words."));
        (cut.Text, cut.ErrorMessage).Should().Be(("Hi there, this", server == NodeClients.Direct ? "terminated" : "The provider's response was interrupted."));
        (limited.ErrorName, limited.ErrorStatus, limited.ErrorMessage).Should().Be(("RateLimitError", 429, "429 In these words."));
    }

    [NodeFact(NodeClients.Folder)]
    public async Task Failures_OfAWholeAnswer_AreStatuses()
    {
        var inside = await ReadAsync("chatCreate", NodeClients.GatewayToAnthropic, InteropCases.ErrorInside);
        var cut = await ReadAsync("chatCreate", NodeClients.GatewayToOpenAI, InteropCases.Cut);

        (inside.ErrorName, inside.ErrorStatus).Should().Be(("InternalServerError", 500));
        (cut.ErrorName, cut.ErrorStatus).Should().Be(("InternalServerError", 502));
    }

    private static Task<NodeRead> ReadAsync(string client, string server, string name) => NodeClients.ReadAsync("openai.mjs", client, server, name);
}
