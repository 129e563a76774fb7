using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI.Responses;

#pragma warning disable OPENAI001 // The package marks its Responses client as experimental; it is the one that there is to compare with.

namespace Streamline.Benchmarks.Real;

/// <summary>The package <c>OpenAI</c>, its client of Responses.</summary>
internal sealed class OpenAIResponsesPeer : IStreamContender
{
    private readonly ReplayHandler _handler = new("text/event-stream");
    private readonly HttpClient _http;
    private readonly ResponsesClient _client;

    public OpenAIResponsesPeer()
    {
        _http = new HttpClient(_handler);
        _client = new ResponsesClient(new ApiKeyCredential("none"), new ResponsesClientOptions { Transport = new HttpClientPipelineTransport(_http) });
    }

    public async Task<int> ReadAsync(byte[] body, int chunkSize)
    {
        (_handler.Body, _handler.ChunkSize) = (body, chunkSize);
        var length = 0;
        await foreach (var update in await _client.CreateResponseStreamingAsync("model", "Hi"))
        {
            length += update switch
            {
                StreamingResponseOutputTextDeltaUpdate delta => delta.Delta.Length,
                StreamingResponseFunctionCallArgumentsDeltaUpdate delta => delta.Delta.ToMemory().Length,
                _ => 0,
            };
        }

        return length;
    }

    public void Dispose() => _http.Dispose();
}
