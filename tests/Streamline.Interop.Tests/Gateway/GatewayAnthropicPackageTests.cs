using System.Text.Json;
using Anthropic;
using Anthropic.Core;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;
using Streamline.Testing;
using Streamline.TestSupport;

namespace Streamline.Interop.Tests.Gateway;

/// <summary>The official package <c>Anthropic</c> as a client of the gateway, whichever wire that has behind it.</summary>
public class GatewayAnthropicPackageTests
{
    public static TheoryData<string> Upstreams => [StreamProtocols.Anthropic.Name, StreamProtocols.OpenAIChat.Name];

    [Theory]
    [MemberData(nameof(Upstreams))]
    public async Task ToolRound_Streamed_ReachesTheUpstreamAndComesBack(string upstreamWire)
    {
        var provider = new ScriptedProvider(
            ScriptedReply.Reasoning("Hm.", "c2ln").ThenText("Let me see.").ThenToolCall("get_weather", """{"city":"Bern"}""", "toolu_1"),
            ScriptedReply.Text("Warm \U0001F326."));
        await using var gateway = await StartAsync(provider, upstreamWire);
        using var client = Connect(gateway);

        var first = await client.Messages.CreateStreaming(Request("Weather?")).Aggregate().OrFail();
        var second = await client.Messages.CreateStreaming(Answered(first)).Aggregate().OrFail();

        first.StopReason?.Raw().Should().Be("tool_use");
        second.Content.Select(block => block.TryPickText(out var text) ? text.Text : null).Should().Equal("Warm \U0001F326.");
        var request = provider.Exchanges[1].Request;
        (request.LastUserText, request.Model).Should().Be(("Weather?", "claude-test"));
        request.ToolNames.Should().Equal("get_weather");
        request.ToolResults.Select(result => (result.CallId, result.Content)).Should().Equal(("toolu_1", "18 C"));
        request.Body.GetRawText().Should().Contain("Let me see.").And.Contain("Be brief.");
        if (upstreamWire == StreamProtocols.Anthropic.Name)
        {
            request.Body.GetProperty("messages")[1].GetProperty("content")[0].GetProperty("signature").GetString().Should().Be("c2ln");
            request.Body.GetProperty("metadata").GetProperty("user_id").GetString().Should().Be("someone");
        }
    }

    [Fact]
    public async Task Create_NotStreamed_IsOneMessage()
    {
        await using var gateway = await StartAsync(new ScriptedProvider(ScriptedReply.Text("Hi").ThenToolCall("get_weather", """{"city":"Bern"}""", "toolu_1")), "anthropic");
        using var client = Connect(gateway);

        var message = await client.Messages.Create(Request("Weather?")).OrFail();

        message.Validate();
        message.Content.Count.Should().Be(2);
        message.Content[1].TryPickToolUse(out var call).Should().BeTrue();
        call!.Input["city"].GetString().Should().Be("Bern");
    }

    [Theory]
    [InlineData(400, typeof(AnthropicBadRequestException))]
    [InlineData(429, typeof(AnthropicRateLimitException))]
    [InlineData(529, typeof(AnthropicOverloadedException))]
    public async Task Error_OfTheUpstream_BecomesThePackagesException(int status, System.Type expected)
    {
        await using var gateway = await StartAsync(new ScriptedProvider(ScriptedReply.Error((System.Net.HttpStatusCode)status, "In these words.")), "openai");
        using var client = Connect(gateway);

        var act = () => client.Messages.CreateStreaming(Request("Hi")).Aggregate().OrFail();

        var thrown = (await act.Should().ThrowAsync<AnthropicApiException>()).Which;
        thrown.Should().BeOfType(expected);
        thrown.Message.Should().Contain("In these words.");
    }

    [Fact]
    public async Task UnknownModel_IsNotFound()
    {
        await using var gateway = await StartAsync(new ScriptedProvider(), "anthropic");
        using var client = Connect(gateway);

        var act = () => client.Messages.Create(Request("Hi") with { Model = "nobody" }).OrFail();

        (await act.Should().ThrowAsync<AnthropicNotFoundException>()).Which.Message.Should().Contain("nobody");
    }

    [Fact]
    public async Task Models_AreListed()
    {
        await using var gateway = await StartAsync(new ScriptedProvider(), "anthropic");
        using var client = Connect(gateway);

        (await client.Models.List().OrFail()).Items.Select(model => model.ID).Should().Equal("claude-test");
    }

    private static Task<GatewayHost> StartAsync(ScriptedProvider provider, string upstreamWire) =>
        GatewayHost.StartAsync(provider, upstreamWire == "anthropic" ? StreamProtocols.Anthropic : StreamProtocols.OpenAIChat, "claude-test");

    private static AnthropicClient Connect(GatewayHost gateway) =>
        new(new ClientOptions { ApiKey = "any", BaseUrl = gateway.BaseAddress.ToString().TrimEnd('/'), MaxRetries = 0 });

    private static MessageCreateParams Request(string question) => new()
    {
        Model = "claude-test",
        MaxTokens = 1000,
        System = "Be brief.",
        Metadata = new Metadata { UserID = "someone" },
        Tools = [new Tool { Name = "get_weather", InputSchema = new InputSchema { Properties = new Dictionary<string, JsonElement> { ["city"] = JsonElement.Parse("""{"type":"string"}""") } } }],
        Messages = [new UserMessageParam { Content = question }],
    };

    private static MessageCreateParams Answered(Message first)
    {
        var request = Request("Weather?");
        return request with
        {
            Messages =
            [
                .. request.Messages,
                new AssistantMessageParam { Content = new MessageContentParam([.. first.Content.Select(block => new ContentBlockParam(block.Json))]) },
                new UserMessageParam { Content = new MessageContentParam([new ToolResultBlockParam { ToolUseID = "toolu_1", Content = "18 C" }]) },
            ],
        };
    }
}
