using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net;
using System.Text;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Models;
using Streamline.Testing;
using Streamline.TestSupport;

namespace Streamline.Interop.Tests.Gateway;

/// <summary>The official package <c>OpenAI</c> as a client of the gateway, whichever wire that has behind it.</summary>
public class GatewayOpenAIPackageTests
{
    public static TheoryData<string> Upstreams => [StreamProtocols.Anthropic.Name, StreamProtocols.OpenAIChat.Name];

    [Theory]
    [MemberData(nameof(Upstreams))]
    public async Task ToolRound_Streamed_ReachesTheUpstreamAndComesBack(string upstreamWire)
    {
        var provider = new ScriptedProvider(
            ScriptedReply.Text("Let me see.").ThenToolCall("get_weather", """{"city":"Bern"}""", "call_1").ThenToolCall("get_weather", """{"city":"Genf"}""", "call_2"),
            ScriptedReply.Text("Warm \U0001F326.") with { Usage = new TokenUsage { InputTokens = 7, OutputTokens = 3, TotalTokens = 10 } });
        await using var gateway = await StartAsync(provider, upstreamWire);
        var client = Connect(gateway);
        List<ChatMessage> messages = [new SystemChatMessage("Be brief."), new UserChatMessage("Weather?")];

        var (text, calls, _) = await ReadAsync(client, messages).OrFail();
        messages.Add(new AssistantChatMessage(calls) { Content = { ChatMessageContentPart.CreateTextPart(text) } });
        messages.AddRange(calls.Select(call => new ToolChatMessage(call.Id, $"{call.FunctionArguments} is warm")));
        var (answer, _, usage) = await ReadAsync(client, messages).OrFail();

        (text, answer).Should().Be(("Let me see.", "Warm \U0001F326."));
        (usage!.InputTokenCount, usage.OutputTokenCount, usage.TotalTokenCount).Should().Be((7, 3, 10));
        var request = provider.Exchanges[1].Request;
        request.ToolNames.Should().Equal("get_weather");
        request.ToolResults.Select(result => (result.CallId, result.Content)).Should().Equal(
            ("call_1", """{"city":"Bern"} is warm"""), ("call_2", """{"city":"Genf"} is warm"""));
        request.Body.GetRawText().Should().Contain("Let me see.").And.Contain("Be brief.");
    }

    [Fact]
    public async Task Complete_NotStreamed_IsOneCompletion()
    {
        var reply = ScriptedReply.Text("Hi").ThenToolCall("get_weather", """{"city":"Bern"}""", "call_1") with { Usage = new TokenUsage { InputTokens = 7, OutputTokens = 3 } };
        await using var gateway = await StartAsync(new ScriptedProvider(reply), "anthropic");

        var completion = (await Connect(gateway).CompleteChatAsync([new UserChatMessage("Weather?")], Options()).OrFail()).Value;

        completion.Content.Single().Text.Should().Be("Hi");
        completion.ToolCalls.Single().FunctionArguments.ToString().Should().Be("""{"city":"Bern"}""");
        (completion.FinishReason, completion.Usage.InputTokenCount).Should().Be((ChatFinishReason.ToolCalls, 7));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Error_OfTheUpstream_BecomesThePackagesException(int status)
    {
        await using var gateway = await StartAsync(new ScriptedProvider(ScriptedReply.Error((HttpStatusCode)status, "In these words.")), "anthropic");

        var act = () => ReadAsync(Connect(gateway), [new UserChatMessage("Hi")]).OrFail();

        var thrown = (await act.Should().ThrowAsync<ClientResultException>()).Which;
        (thrown.Status, thrown.Message.Contains("In these words.", StringComparison.Ordinal)).Should().Be((status, true));
    }

    [Fact]
    public async Task UnknownModel_IsNotFound()
    {
        await using var gateway = await StartAsync(new ScriptedProvider(), "openai");

        var act = () => ReadAsync(Connect(gateway, "nobody"), [new UserChatMessage("Hi")]).OrFail();

        var thrown = (await act.Should().ThrowAsync<ClientResultException>()).Which;
        thrown.Status.Should().Be(404);
        thrown.Message.Should().Contain("nobody").And.Contain("model_not_found");
    }

    [Fact]
    public async Task Models_AreListed()
    {
        await using var gateway = await StartAsync(new ScriptedProvider(), "openai");
        var client = new OpenAIModelClient(new ApiKeyCredential("any"), Endpoint(gateway));

        (await client.GetModelsAsync().OrFail()).Value.Select(model => model.Id).Should().Equal("gpt-test");
    }

    private static Task<GatewayHost> StartAsync(ScriptedProvider provider, string upstreamWire) =>
        GatewayHost.StartAsync(provider, upstreamWire == "anthropic" ? StreamProtocols.Anthropic : StreamProtocols.OpenAIChat, "gpt-test");

    private static ChatClient Connect(GatewayHost gateway, string model = "gpt-test") => new(model, new ApiKeyCredential("any"), Endpoint(gateway));

    private static OpenAIClientOptions Endpoint(GatewayHost gateway) =>
        new() { Endpoint = new Uri(gateway.BaseAddress, "v1"), RetryPolicy = new ClientRetryPolicy(maxRetries: 0) };

    private static ChatCompletionOptions Options() => new()
    {
        Tools = { ChatTool.CreateFunctionTool("get_weather", "Tells the weather.", BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}}}""")) },
    };

    private static async Task<(string Text, List<ChatToolCall> Calls, ChatTokenUsage? Usage)> ReadAsync(ChatClient client, IReadOnlyList<ChatMessage> messages)
    {
        var text = new StringBuilder();
        var calls = new SortedDictionary<int, (string Id, string Name, StringBuilder Arguments)>();
        ChatTokenUsage? usage = null;
        await foreach (var update in client.CompleteChatStreamingAsync(messages, Options()))
        {
            text.Append(string.Concat(update.ContentUpdate.Select(part => part.Text)));
            usage = update.Usage ?? usage;
            foreach (var piece in update.ToolCallUpdates)
            {
                if (!calls.TryGetValue(piece.Index, out var call))
                {
                    calls.Add(piece.Index, call = (piece.ToolCallId, piece.FunctionName, new StringBuilder()));
                }

                call.Arguments.Append(piece.FunctionArgumentsUpdate);
            }
        }

        return (text.ToString(), [.. calls.Values.Select(call => ChatToolCall.CreateFunctionToolCall(call.Id, call.Name, BinaryData.FromString(call.Arguments.ToString())))], usage);
    }
}
