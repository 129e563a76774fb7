using Streamline.TestSupport;

namespace Streamline.Interop.Tests.Npm;

/// <summary>The npm package <c>ai</c> reads our encoders and the gateway through its providers of each wire.</summary>
public class NpmAITests
{
    [NodeTheory(NodeClients.Folder)]
    [InlineData("anthropic", NodeClients.Direct)]
    [InlineData("anthropic", NodeClients.GatewayToAnthropic)]
    [InlineData("anthropic", NodeClients.GatewayToOpenAI)]
    [InlineData("chat", NodeClients.Direct)]
    [InlineData("chat", NodeClients.GatewayToAnthropic)]
    [InlineData("chat", NodeClients.GatewayToOpenAI)]
    [InlineData("responses", NodeClients.Direct)]
    [InlineData("responses", NodeClients.GatewayToAnthropic)]
    [InlineData("responses", NodeClients.GatewayToOpenAI)]
    public async Task Everything_IsReadWhole(string client, string server)
    {
        var read = await ReadAsync(client, server, InteropCases.Everything);

        read.ErrorMessage.Should().BeNull();
        read.Text.Should().Be(InteropCases.Text);
        read.Calls.Should().Equal(InteropCases.Calls);
        read.Finish.Should().Be("tool-calls");
        read.Usage.Should().Be((120, 42, 20));

        // Its provider of Chat Completions does not read reasoning.
        read.Reasoning.Should().Be(client == "chat" ? "" : InteropCases.Reasoning);
        read.Signature.Should().Be(client == "anthropic" ? "c2lnbmF0dXJl" : null);
    }

    [NodeTheory(NodeClients.Folder)]
    [InlineData("anthropic", NodeClients.Direct)]
    [InlineData("anthropic", NodeClients.GatewayToOpenAI)]
    [InlineData("chat", NodeClients.Direct)]
    [InlineData("chat", NodeClients.GatewayToAnthropic)]
    [InlineData("responses", NodeClients.Direct)]
    [InlineData("responses", NodeClients.GatewayToAnthropic)]
    public async Task EarlyEnds_AreTold(string client, string server)
    {
        var length = await ReadAsync(client, server, InteropCases.Length);
        var inside = await ReadAsync(client, server, InteropCases.ErrorInside);
        var cut = await ReadAsync(client, server, InteropCases.Cut);
        var limited = await ReadAsync(client, server, InteropCases.RateLimit);

        (length.Text, length.Finish).Should().Be(("Too lo", "length"));
        (inside.Text, inside.ErrorMessage).Should().Be(("Hi there", "In these words."));
        (cut.Text, cut.ErrorMessage is not null).Should().Be(("Hi there, this", true));
        (limited.ErrorStatus, limited.ErrorMessage).Should().Be((429, "In these words."));
    }

    private static Task<NodeRead> ReadAsync(string client, string server, string name) => NodeClients.ReadAsync("ai.mjs", client, server, name);
}
