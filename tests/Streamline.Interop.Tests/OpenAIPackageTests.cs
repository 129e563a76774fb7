using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net;
using System.Text;
using OpenAI;
using OpenAI.Chat;
using Streamline.Testing;
using Streamline.TestSupport;

namespace Streamline.Interop.Tests;

/// <summary>The official package <c>OpenAI</c> reads, over a real socket, what our encoder writes.</summary>
public class OpenAIPackageTests
{
    [Fact]
    public async Task Stream_TextAndParallelCalls_IsReadWhole()
    {
        var reply = ScriptedReply.Text("Grüße! \U0001F326 Let me \"look\".\nNow.")
            .ThenToolCall("get_weather", """{"city":"Zürich","days":[1,2,3]}""", "call_1")
            .ThenToolCall("get_time", "{}", "call_2") with
        {
            Model = "gpt-test",
            ResponseId = "chatcmpl-1",
            Usage = new TokenUsage { InputTokens = 120, OutputTokens = 42, TotalTokens = 162, CachedInputTokens = 20, ReasoningTokens = 7 },
            Faults = new FaultPlan { ChunkSeed = 1, ChunkSize = 40 },
        };

        var read = await ReadAsync(reply);

        read.Id.Should().Be("chatcmpl-1");
        read.Model.Should().Be("gpt-test");
        read.Text.ToString().Should().Be("Grüße! \U0001F326 Let me \"look\".\nNow.");
        read.Calls.Select(pair => (pair.Key, pair.Value.Id, pair.Value.Name, pair.Value.Arguments)).Should().Equal(
            (0, "call_1", "get_weather", """{"city":"Zürich","days":[1,2,3]}"""), (1, "call_2", "get_time", "{}"));
        read.FinishReason.Should().Be(ChatFinishReason.ToolCalls);
        read.Usage!.InputTokenCount.Should().Be(120);
        read.Usage.OutputTokenCount.Should().Be(42);
        read.Usage.TotalTokenCount.Should().Be(162);
        read.Usage.InputTokenDetails.CachedTokenCount.Should().Be(20);
        read.Usage.OutputTokenDetails.ReasoningTokenCount.Should().Be(7);
    }

    [Theory]
    [InlineData(FinishReason.Stop, ChatFinishReason.Stop)]
    [InlineData(FinishReason.Length, ChatFinishReason.Length)]
    [InlineData(FinishReason.ContentFilter, ChatFinishReason.ContentFilter)]
    public async Task Stream_FinishReason_IsTheWiresWord(FinishReason reason, ChatFinishReason expected) =>
        (await ReadAsync(ScriptedReply.Text("Hi") with { FinishReason = reason })).FinishReason.Should().Be(expected);

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Error_Status_BecomesThePackagesException(int status)
    {
        var act = () => ReadAsync(ScriptedReply.Error((HttpStatusCode)status, "In these words.", "some_code"));

        var thrown = (await act.Should().ThrowAsync<ClientResultException>()).Which;
        thrown.Status.Should().Be(status);
        thrown.Message.Should().Contain("In these words.").And.Contain("some_code");
    }

    [Fact]
    public async Task ExpectedApiKey_FromThePackage_IsAccepted()
    {
        var provider = new ScriptedProvider(new ScriptedProviderOptions { ExpectedApiKey = "sk-test" }, ScriptedReply.Text("Hi"));

        (await ReadAsync(provider)).Text.ToString().Should().Be("Hi");

        var request = provider.Exchanges[0].Request;
        request.LastUserText.Should().Be("What should I wear?");
        request.Body.GetProperty("stream").GetBoolean().Should().BeTrue();
        request.Headers["Authorization"].Should().Be("[redacted]");
    }

    private static Task<ReadMessage> ReadAsync(ScriptedReply reply) => ReadAsync(new ScriptedProvider(reply));

    private static async Task<ReadMessage> ReadAsync(ScriptedProvider provider)
    {
        await using var host = await ScriptedProviderHost.StartAsync(provider);
        var options = new OpenAIClientOptions { Endpoint = new Uri(host.BaseAddress, "v1"), RetryPolicy = new ClientRetryPolicy(maxRetries: 0) };
        var client = new ChatClient("gpt-test", new ApiKeyCredential("sk-test"), options);
        var read = new ReadMessage();
        await read.ReadAsync(client.CompleteChatStreamingAsync(new UserChatMessage("What should I wear?"))).OrFail();
        return read;
    }

    private sealed class ReadMessage
    {
        public string? Id { get; private set; }

        public string? Model { get; private set; }

        public StringBuilder Text { get; } = new();

        public SortedDictionary<int, (string? Id, string? Name, string Arguments)> Calls { get; } = [];

        public ChatFinishReason? FinishReason { get; private set; }

        public ChatTokenUsage? Usage { get; private set; }

        public async Task ReadAsync(IAsyncEnumerable<StreamingChatCompletionUpdate> updates)
        {
            await foreach (var update in updates)
            {
                Id = update.CompletionId;
                Model = update.Model;
                Text.Append(string.Concat(update.ContentUpdate.Select(part => part.Text)));
                FinishReason = update.FinishReason ?? FinishReason;
                Usage = update.Usage ?? Usage;
                foreach (var call in update.ToolCallUpdates)
                {
                    var (id, name, arguments) = Calls.GetValueOrDefault(call.Index, (null, null, ""));
                    Calls[call.Index] = (call.ToolCallId ?? id, call.FunctionName ?? name, arguments + call.FunctionArgumentsUpdate);
                }
            }
        }
    }
}
