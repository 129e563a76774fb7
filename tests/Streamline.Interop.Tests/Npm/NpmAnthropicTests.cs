using Streamline.TestSupport;

namespace Streamline.Interop.Tests.Npm;

/// <summary>The official npm package <c>@anthropic-ai/sdk</c> reads our encoder and the gateway, whichever wire that has behind it.</summary>
public class NpmAnthropicTests
{
    [NodeTheory(NodeClients.Folder)]
    [InlineData("stream", NodeClients.Direct)]
    [InlineData("stream", NodeClients.GatewayToAnthropic)]
    [InlineData("stream", NodeClients.GatewayToOpenAI)]
    [InlineData("create", NodeClients.GatewayToAnthropic)]
    [InlineData("create", NodeClients.GatewayToOpenAI)]
    public async Task Everything_IsReadWhole(string client, string server)
    {
        var read = await ReadAsync(client, server, InteropCases.Everything);

        read.ErrorMessage.Should().BeNull();
        read.Whole.Should().Be(InteropCases.Text);
        read.Thinking.Should().Equal((InteropCases.Reasoning, "c2lnbmF0dXJl"));
        read.Calls.Should().Equal(InteropCases.Calls);
        (read.Id, read.Model, read.Finish).Should().Be(("id_1", InteropCases.Everything, "tool_use"));
        read.Usage.Should().Be((100, 42, 20), "this wire counts what was cached apart");
        if (client == "stream")
        {
            (read.Text, read.Reasoning).Should().Be((InteropCases.Text, InteropCases.Reasoning));
        }
    }

    [NodeTheory(NodeClients.Folder)]
    [InlineData("stream", NodeClients.Direct)]
    [InlineData("stream", NodeClients.GatewayToAnthropic)]
    [InlineData("stream", NodeClients.GatewayToOpenAI)]
    [InlineData("create", NodeClients.GatewayToAnthropic)]
    public async Task EarlyEnds_AreTold(string client, string server)
    {
        var refusal = await ReadAsync(client, server, InteropCases.Refusal);
        var length = await ReadAsync(client, server, InteropCases.Length);

        (refusal.Whole, refusal.Finish).Should().Be(("I will not.", "refusal"));
        (length.Whole, length.Finish).Should().Be(("Too lo", "max_tokens"));
    }

    [NodeTheory(NodeClients.Folder)]
    [InlineData(NodeClients.Direct)]
    [InlineData(NodeClients.GatewayToAnthropic)]
    [InlineData(NodeClients.GatewayToOpenAI)]
    public async Task Failures_OfAStream_AreThePackagesErrors(string server)
    {
        var inside = await ReadAsync("stream", server, InteropCases.ErrorInside);
        var cut = await ReadAsync("stream", server, InteropCases.Cut);
        var limited = await ReadAsync("stream", server, InteropCases.RateLimit);

        (inside.Text, inside.ErrorName).Should().Be(("Hi there", "APIError"));
        inside.ErrorMessage.Should().Contain("In these words.").And.Contain("api_error");
        (cut.Text, cut.ErrorName).Should().Be(("Hi there, this", server == NodeClients.Direct ? "AnthropicError" : "APIError"));
        (limited.ErrorName, limited.ErrorStatus).Should().Be(("RateLimitError", 429));
        limited.ErrorMessage.Should().Contain("In these words.").And.Contain("rate_limit_error");
    }

    [NodeFact(NodeClients.Folder)]
    public async Task Failures_OfAWholeAnswer_AreStatuses()
    {
        var inside = await ReadAsync("create", NodeClients.GatewayToAnthropic, InteropCases.ErrorInside);
        var cut = await ReadAsync("create", NodeClients.GatewayToOpenAI, InteropCases.Cut);

        (inside.ErrorName, inside.ErrorStatus).Should().Be(("InternalServerError", 500));
        (cut.ErrorName, cut.ErrorStatus).Should().Be(("InternalServerError", 502));
    }

    private static Task<NodeRead> ReadAsync(string client, string server, string name) => NodeClients.ReadAsync("anthropic.mjs", client, server, name);
}
