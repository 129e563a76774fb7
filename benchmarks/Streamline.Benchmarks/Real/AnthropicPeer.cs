using Anthropic;
using Anthropic.Models.Messages;

namespace Streamline.Benchmarks.Real;

/// <summary>The package <c>Anthropic</c>.</summary>
internal sealed class AnthropicPeer : IStreamContender
{
    private readonly ReplayHandler _handler = new("text/event-stream");
    private readonly AnthropicClient _client;
    private readonly MessageCreateParams _parameters = new() { MaxTokens = 1024, Model = "model", Messages = [new UserMessageParam { Content = "Hi" }] };

    public AnthropicPeer() => _client = new AnthropicClient { HttpClient = new HttpClient(_handler), ApiKey = "none", MaxRetries = 0 };

    public async Task<int> ReadAsync(byte[] body, int chunkSize)
    {
        (_handler.Body, _handler.ChunkSize) = (body, chunkSize);
        var length = 0;
        await foreach (var streamEvent in _client.Messages.CreateStreaming(_parameters))
        {
            if (!streamEvent.TryPickContentBlockDelta(out var delta))
            {
                continue;
            }

            length += delta.Delta.TryPickText(out var text) ? text.Text.Length
                : delta.Delta.TryPickThinking(out var thinking) ? thinking.Thinking.Length
                : delta.Delta.TryPickInputJson(out var input) ? input.PartialJson.Length
                : 0;
        }

        return length;
    }

    public void Dispose() => _client.Dispose();
}
