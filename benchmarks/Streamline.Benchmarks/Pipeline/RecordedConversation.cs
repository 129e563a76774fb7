using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using Streamline.Benchmarks.Sse;
using Streamline.TestSupport;
using Streamline.Tools;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Streamline.Benchmarks.Pipeline;

/// <summary>
/// A conversation with two tools from recorded bytes, over an HTTP handler in memory: the first request is answered by a recorded response with two calls, the second by a recorded answer. Everything
/// that an application pays is measured: writing the requests, reading the responses, running the tools.
/// </summary>
internal sealed class RecordedConversation : IDisposable
{
    private const string Calls = "pydantic-ai-raw-sse/api.openai.com/test_prefect__test_complex_agent_run_in_flow__1.sse";
    private const string Answer = "pydantic-ai-raw-sse/api.deepseek.com/test_deepseek__test_deepseek_model_thinking_stream__0.sse";

    private readonly HttpClient _http = new(new TwoResponses(Corpora.ReadBytes(Calls), Corpora.ReadBytes(Answer)));
    private readonly IStreamClient _client;
    private readonly IStreamClient _ours;
    private readonly IStreamClient _inline;
    private readonly IChatClient _peerClient;
    private readonly IChatClient _peer;
    private readonly ChatOptions _options;
    private readonly ChatMessage[] _question = [new(ChatRole.User, "What is the weather, and which product is it for?")];
    private readonly ChatMessage[] _answered;

    public RecordedConversation()
    {
        AIFunction[] tools =
        [
            AIFunctionFactory.Create((string city) => Ran("Sunny in " + city), "get_weather"),
            AIFunctionFactory.Create(() => Ran("Streamline"), "get_product_name"),
        ];
        _options = new ChatOptions { Tools = [.. tools] };
        _client = StreamProtocols.OpenAIChat.CreateClient(_http, "none", "model");
        _ours = new StreamClientBuilder(_client).UseTools(tools.Aggregate(new ToolSet(), (set, tool) => set.Add(tool, new ToolOptions { ReadOnly = true }))).Build();
        _inline = new StreamClientBuilder(_client).UseTools(tools.Aggregate(new ToolSet(), (set, tool) => set.Add(tool, new ToolOptions { ReadOnly = true, NonBlocking = true }))).Build();
        var openAI = new ChatClient("model", new ApiKeyCredential("none"), new OpenAIClientOptions { Transport = new HttpClientPipelineTransport(_http) });
        _peerClient = openAI.AsIChatClient();
        _peer = _peerClient.AsBuilder().UseFunctionInvocation().Build();
        _answered =
        [
            .. _question,
            new(ChatRole.Assistant, [new FunctionCallContent("call_1", "get_weather", new Dictionary<string, object?>(StringComparer.Ordinal) { ["city"] = "Paris" }), new FunctionCallContent("call_2", "get_product_name")]),
            new(ChatRole.Tool, [new FunctionResultContent("call_1", "Sunny in Paris"), new FunctionResultContent("call_2", "Streamline")]),
        ];
    }

    /// <summary>Gets how many tools have run.</summary>
    public int ToolsRun { get; private set; }

    public async Task OursAsync() => Check(await ReadAsync(_ours, _question, options: null));

    public async Task InlineAsync() => Check(await ReadAsync(_inline, _question, options: null));

    /// <summary>The same two requests and responses, without a loop and without tools that run.</summary>
    public async Task OursAloneAsync()
    {
        await ReadAsync(_client, _question, _options);
        Check(await ReadAsync(_client, _answered, _options));
    }

    public async Task PeerAsync() => Check(await CountAsync(_peer, _question));

    /// <inheritdoc cref="OursAloneAsync"/>
    public async Task PeerAloneAsync()
    {
        await CountAsync(_peerClient, _question);
        Check(await CountAsync(_peerClient, _answered));
    }

    public void Dispose()
    {
        _peer.Dispose();
        _http.Dispose();
    }

    private static void Check(int length)
    {
        if (length == 0)
        {
            throw new InvalidOperationException("The answer has no text.");
        }
    }

    private static async Task<int> ReadAsync(IStreamClient client, ChatMessage[] messages, ChatOptions? options)
    {
        var length = 0;
        await foreach (var streamEvent in client.StreamAsync(new StreamRequest { Messages = messages, Options = options }))
        {
            length += streamEvent is TextDelta delta ? delta.Text.Length : 0;
        }

        return length;
    }

    private async Task<int> CountAsync(IChatClient client, ChatMessage[] messages)
    {
        var length = 0;
        await foreach (var update in client.GetStreamingResponseAsync(messages, _options))
        {
            length += update.Text.Length;
        }

        return length;
    }

    private string Ran(string result)
    {
        ToolsRun++;
        return result;
    }

    /// <summary>Answers every first request with one body, and every second one with another.</summary>
    private sealed class TwoResponses(byte[] first, byte[] second) : HttpMessageHandler
    {
        private bool _isSecond;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await request.Content!.CopyToAsync(Stream.Null, cancellationToken);
            var response = new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request, Content = new StreamContent(new ReplayStream(_isSecond ? second : first, int.MaxValue)) };
            response.Content.Headers.ContentType = new MediaTypeHeaderValue("text/event-stream");
            _isSecond = !_isSecond;
            return response;
        }
    }
}
