using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using OpenAI.Responses;
using Streamline.Testing;
using Streamline.TestSupport;

#pragma warning disable OPENAI001 // The package marks its Responses client as experimental; that it reads our bytes is what is tested.

namespace Streamline.Interop.Tests;

/// <summary>The official package <c>OpenAI</c> reads, over a real socket, the responses that our encoder writes, and reads the requests that our writer writes.</summary>
public class OpenAIResponsesPackageTests
{
    [Fact]
    public async Task Stream_ReasoningTextAndCalls_IsReadWhole()
    {
        var reply = ScriptedReply.Reasoning("Two calls.", "encrypted").ThenText("Grüße! \U0001F326 Let me \"look\".\nNow.")
            .ThenToolCall("get_weather", """{"city":"Zürich","days":[1,2,3]}""", "call_1")
            .ThenToolCall("get_time", "{}", "call_2") with
        {
            Model = "gpt-test",
            ResponseId = "resp_1",
            Usage = new TokenUsage { InputTokens = 120, OutputTokens = 42, TotalTokens = 162, CachedInputTokens = 20, ReasoningTokens = 7 },
            Faults = new FaultPlan { ChunkSeed = 1, ChunkSize = 40 },
        };

        var read = await ReadAsync(new ScriptedProvider(reply));

        read.Text.ToString().Should().Be("Grüße! \U0001F326 Let me \"look\".\nNow.");
        read.Reasoning.ToString().Should().Be("Two calls.");
        read.Arguments.Should().Equal(new Dictionary<int, string> { [2] = """{"city":"Zürich","days":[1,2,3]}""", [3] = "{}" });
        read.Numbers.Should().Equal(Enumerable.Range(0, read.Numbers.Count));
        var response = read.Response!;
        (response.Id, response.Model, response.Status, response.GetOutputText()).Should().Be(("resp_1", "gpt-test", ResponseStatus.Completed, read.Text.ToString()));
        var reasoning = response.OutputItems.OfType<ReasoningResponseItem>().Single();
        (reasoning.EncryptedContent, reasoning.GetSummaryText()).Should().Be(("encrypted", "Two calls."));
        response.OutputItems.OfType<FunctionCallResponseItem>().Select(call => (call.CallId, call.FunctionName, call.FunctionArguments.ToString()))
            .Should().Equal(("call_1", "get_weather", """{"city":"Zürich","days":[1,2,3]}"""), ("call_2", "get_time", "{}"));
        (response.Usage.InputTokenCount, response.Usage.OutputTokenCount, response.Usage.TotalTokenCount).Should().Be((120, 42, 162));
        (response.Usage.InputTokenDetails.CachedTokenCount, response.Usage.OutputTokenDetails.ReasoningTokenCount).Should().Be((20, 7));
    }

    [Theory]
    [InlineData(FinishReason.Length, "max_output_tokens")]
    [InlineData(FinishReason.ContentFilter, "content_filter")]
    public async Task Stream_CutAnswer_IsIncompleteForThePackage(FinishReason reason, string word)
    {
        var read = await ReadAsync(new ScriptedProvider(ScriptedReply.Text("Hi") with { FinishReason = reason }));

        read.Response!.Status.Should().Be(ResponseStatus.Incomplete);
        read.Response.IncompleteStatusDetails.Reason.ToString().Should().Be(word);
    }

    [Fact]
    public async Task Stream_ErrorInside_IsReadByThePackage()
    {
        var read = await ReadAsync(new ScriptedProvider(ScriptedReply.Text("Hi there") with
        {
            Faults = new FaultPlan { ErrorAfterEvent = 3, Error = new ScriptedError(HttpStatusCode.InternalServerError, "server_error", "In these words.") },
        }));

        (read.ErrorCode, read.ErrorMessage).Should().Be(("server_error", "In these words."));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Error_Status_BecomesThePackagesException(int status)
    {
        var act = () => ReadAsync(new ScriptedProvider(ScriptedReply.Error((HttpStatusCode)status, "In these words.", "some_code")));

        var thrown = (await act.Should().ThrowAsync<ClientResultException>()).Which;
        thrown.Status.Should().Be(status);
        thrown.Message.Should().Contain("In these words.").And.Contain("some_code");
    }

    [Fact]
    public async Task ExpectedApiKey_FromThePackage_IsAccepted()
    {
        var provider = new ScriptedProvider(new ScriptedProviderOptions { ExpectedApiKey = "sk-test" }, ScriptedReply.Text("Hi"));

        (await ReadAsync(provider)).Text.ToString().Should().Be("Hi");

        provider.Exchanges[0].Request.LastUserText.Should().Be("What should I wear?");
        provider.Exchanges[0].Request.Protocol!.Name.Should().Be("openai-responses");
    }

    /// <summary>The package's own model of a request reads ours, and writes it again with nothing added, lost or changed.</summary>
    [Fact]
    public async Task Request_EveryKindOfContent_IsWhatThePackageModels()
    {
        var provider = new ScriptedProvider(
            ScriptedReply.Reasoning("Hm.", "encrypted").ThenText("Look:").ThenToolCall("get_weather", """{"city":"Bern"}""", "call_1"), ScriptedReply.Text("Warm."));
        var client = StreamProtocols.OpenAIResponses.CreateClient(new HttpClient(provider.CreateHandler()), "key", "gpt-test");
        var options = new ChatOptions
        {
            Instructions = "Be brief.",
            MaxOutputTokens = 100,
            Temperature = 0.5f,
            TopP = 0.5f,
            ConversationId = "resp_0",
            AllowMultipleToolCalls = true,
            ToolMode = ChatToolMode.RequireSpecific("get_weather"),
            Reasoning = new ReasoningOptions { Effort = ReasoningEffort.Low, Output = ReasoningOutput.Full },
            ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"type":"object"}"""), "answer", "An answer."),
            Tools =
            [
                AIFunctionFactory.CreateDeclaration("get_weather", "Tells the weather.", JsonElement.Parse("""{"type":"object","properties":{"city":{"type":"string"}}}""")),
                new HostedWebSearchTool(),
                new HostedCodeInterpreterTool(),
                new HostedFileSearchTool { Inputs = [new HostedVectorStoreContent("vs_1")], MaximumResultCount = 3 },
                new HostedMcpServerTool("docs", "https://example.com/mcp") { AllowedTools = ["ask"], ApprovalMode = HostedMcpServerToolApprovalMode.NeverRequire },
            ],
        };
        List<ChatMessage> messages =
        [
            new(ChatRole.System, "s"),
            new(ChatRole.User, [new TextContent("Look:"), new DataContent(new byte[] { 1, 2 }, "image/png"), new HostedFileContent("file_1"), new DataContent(new byte[] { 3 }, "application/pdf")]),
        ];
        var first = await client.StreamAsync(new StreamRequest { Messages = messages, Options = options }).CollectAsync();
        messages.AddRange(first.Fold().ToChatResponse().Messages);
        messages.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent("call_1", "18 C")]));
        await client.StreamAsync(new StreamRequest { Messages = messages, Options = options }).CollectAsync();

        foreach (var body in provider.Exchanges.Select(exchange => exchange.Request.RawBody))
        {
            var modelled = ModelReaderWriter.Read<CreateResponseOptions>(BinaryData.FromBytes(body))!;
            var ours = JsonNode.Parse(body.Span);
            var theirs = JsonNode.Parse(ModelReaderWriter.Write(modelled).ToMemory().Span);
            JsonNode.DeepEquals(theirs, ours).Should().BeTrue("our request is\n{0}\nand the package's is\n{1}", ours!.ToJsonString(), theirs!.ToJsonString());
        }

        var second = ModelReaderWriter.Read<CreateResponseOptions>(BinaryData.FromBytes(provider.Exchanges[1].Request.RawBody))!;
        second.InputItems.Select(KindOf).Should().Equal("message", "message", "reasoning", "message", "call", "output");
        second.InputItems.OfType<ReasoningResponseItem>().Single().EncryptedContent.Should().Be("encrypted");
    }

    private static string KindOf(ResponseItem item) => item switch
    {
        MessageResponseItem => "message",
        ReasoningResponseItem => "reasoning",
        FunctionCallResponseItem => "call",
        FunctionCallOutputResponseItem => "output",
        _ => item.GetType().Name,
    };

    private static async Task<ReadResponse> ReadAsync(ScriptedProvider provider)
    {
        await using var host = await ScriptedProviderHost.StartAsync(provider);
        var options = new ResponsesClientOptions { Endpoint = new Uri(host.BaseAddress, "v1"), RetryPolicy = new ClientRetryPolicy(maxRetries: 0) };
        var client = new ResponsesClient(new ApiKeyCredential("sk-test"), options);
        var read = new ReadResponse();
        await read.ReadAsync(await client.CreateResponseStreamingAsync("gpt-test", "What should I wear?").OrFail()).OrFail();
        return read;
    }

    private sealed class ReadResponse
    {
        public StringBuilder Text { get; } = new();

        public StringBuilder Reasoning { get; } = new();

        public SortedDictionary<int, string> Arguments { get; } = [];

        public List<int> Numbers { get; } = [];

        public ResponseResult? Response { get; private set; }

        public string? ErrorCode { get; private set; }

        public string? ErrorMessage { get; private set; }

        public async Task ReadAsync(IAsyncEnumerable<StreamingResponseUpdate> updates)
        {
            await foreach (var update in updates)
            {
                Numbers.Add(update.SequenceNumber);
                switch (update)
                {
                    case StreamingResponseOutputTextDeltaUpdate delta:
                        Text.Append(delta.Delta);
                        break;
                    case StreamingResponseReasoningSummaryTextDeltaUpdate delta:
                        Reasoning.Append(delta.Delta);
                        break;
                    case StreamingResponseFunctionCallArgumentsDeltaUpdate delta:
                        Arguments[delta.OutputIndex] = Arguments.GetValueOrDefault(delta.OutputIndex) + delta.Delta;
                        break;
                    case StreamingResponseCompletedUpdate completed:
                        Response = completed.Response;
                        break;
                    case StreamingResponseIncompleteUpdate incomplete:
                        Response = incomplete.Response;
                        break;
                    case StreamingResponseErrorUpdate error:
                        (ErrorCode, ErrorMessage) = (error.Code, error.Message);
                        break;
                    default:
                        break;
                }
            }
        }
    }
}
