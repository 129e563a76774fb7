using OllamaSharp;
using OllamaSharp.Models.Chat;

namespace Streamline.Benchmarks.Real;

/// <summary>The package <c>OllamaSharp</c>.</summary>
internal sealed class OllamaPeer : IStreamContender
{
    private readonly ReplayHandler _handler = new("application/x-ndjson");
    private readonly HttpClient _http;
    private readonly OllamaApiClient _client;

    public OllamaPeer()
    {
        _http = new HttpClient(_handler) { BaseAddress = new Uri("http://localhost:11434") };
        _client = new OllamaApiClient(_http, "model");
    }

    public async Task<int> ReadAsync(byte[] body, int chunkSize)
    {
        (_handler.Body, _handler.ChunkSize) = (body, chunkSize);
        var length = 0;
        var request = new ChatRequest { Model = "model", Messages = [new Message(ChatRole.User, "Hi")], Stream = true };
        await foreach (var update in _client.ChatAsync(request))
        {
            length += (update?.Message.Content?.Length ?? 0) + (update?.Message.Thinking?.Length ?? 0);
        }

        return length;
    }

    public void Dispose()
    {
        _client.Dispose();
        _http.Dispose();
    }
}
