using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI.Responses;
using Streamline.Testing;
using Streamline.TestSupport;

#pragma warning disable OPENAI001 // The package marks its Responses client as experimental; that it works with the gateway is what is tested.

namespace Streamline.Interop.Tests.Gateway;

/// <summary>The Responses client of the official package <c>OpenAI</c> as a client of the gateway, whichever wire that has behind it.</summary>
public class GatewayOpenAIResponsesPackageTests
{
    [Theory]
    [InlineData("anthropic")]
    [InlineData("openai")]
    [InlineData("openai-responses")]
    public async Task ToolRound_StreamedAndThenWhole_ReachesTheUpstreamAndComesBack(string upstreamWire)
    {
        var wire = new[] { StreamProtocols.Anthropic, StreamProtocols.OpenAIChat, StreamProtocols.OpenAIResponses }.Single(wire => wire.Name == upstreamWire);
        var provider = new ScriptedProvider(
            ScriptedReply.Reasoning("Hm.", "encrypted").ThenText("Let me see.").ThenToolCall("get_weather", """{"city":"Bern"}""", "call_1"),
            ScriptedReply.Text("Warm \U0001F326.") with { Usage = new TokenUsage { InputTokens = 7, OutputTokens = 3 } });
        await using var gateway = await GatewayHost.StartAsync(provider, wire, "gpt-test");
        var client = new ResponsesClient(
            new ApiKeyCredential("any"), new ResponsesClientOptions { Endpoint = new Uri(gateway.BaseAddress, "v1"), RetryPolicy = new ClientRetryPolicy(maxRetries: 0) });
        var request = new CreateResponseOptions("gpt-test", [ResponseItem.CreateUserMessageItem("Weather?")]) { Instructions = "Be brief.", StreamingEnabled = true };
        request.Tools.Add(ResponseTool.CreateFunctionTool("get_weather", BinaryData.FromString("""{"type":"object"}"""), strictModeEnabled: false));

        ResponseResult? first = null;
        await foreach (var update in await client.CreateResponseStreamingAsync(request).OrFail())
        {
            first = (update as StreamingResponseCompletedUpdate)?.Response ?? first;
        }

        foreach (var item in first!.OutputItems)
        {
            request.InputItems.Add(item);
        }

        request.InputItems.Add(ResponseItem.CreateFunctionCallOutputItem("call_1", "18 C"));
        request.StreamingEnabled = false;
        var second = (await client.CreateResponseAsync(request).OrFail()).Value;

        first.GetOutputText().Should().Be("Let me see.");
        (second.GetOutputText(), second.Usage.InputTokenCount, second.Status).Should().Be(("Warm \U0001F326.", 7, ResponseStatus.Completed));
        var upstream = provider.Exchanges[1].Request;
        upstream.ToolNames.Should().Equal("get_weather");
        upstream.ToolResults.Select(result => (result.CallId, result.Content)).Should().Equal(("call_1", "18 C"));
        upstream.Body.GetRawText().Should().Contain("Let me see.").And.Contain("Be brief.");
        upstream.Body.GetRawText().Contains("encrypted", StringComparison.Ordinal).Should().Be(wire.Name == "openai-responses", "only there it means something");
    }
}
