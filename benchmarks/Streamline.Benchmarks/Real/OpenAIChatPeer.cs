using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Chat;

namespace Streamline.Benchmarks.Real;

/// <summary>The package <c>OpenAI</c>, its client of Chat Completions.</summary>
internal sealed class OpenAIChatPeer : IStreamContender
{
    private readonly ReplayHandler _handler = new("text/event-stream");
    private readonly HttpClient _http;
    private readonly ChatClient _client;

    public OpenAIChatPeer()
    {
        _http = new HttpClient(_handler);
        _client = new ChatClient("model", new ApiKeyCredential("none"), new OpenAIClientOptions { Transport = new HttpClientPipelineTransport(_http) });
    }

    public async Task<int> ReadAsync(byte[] body, int chunkSize)
    {
        (_handler.Body, _handler.ChunkSize) = (body, chunkSize);
        var length = 0;
        await foreach (var update in _client.CompleteChatStreamingAsync("Hi"))
        {
            foreach (var part in update.ContentUpdate)
            {
                length += part.Text.Length;
            }

            foreach (var call in update.ToolCallUpdates)
            {
                length += call.FunctionArgumentsUpdate.ToMemory().Length;
            }
        }

        return length;
    }

    public void Dispose() => _http.Dispose();
}
