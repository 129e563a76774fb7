using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Streamline.Tests.Bridges;

/// <summary>A chat client that streams what the test gives, and then fails if it is told to.</summary>
internal sealed class FakeChatClient(IReadOnlyList<ChatResponseUpdate> updates, Exception? failure = null) : IChatClient
{
    public ChatOptions? Options { get; private set; }

    public IReadOnlyList<ChatMessage> Messages { get; private set; } = [];

    public int Open { get; private set; }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        (Messages, Options) = ([.. messages], options);
        Open++;
        try
        {
            foreach (var update in updates)
            {
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
                yield return update;
            }

            if (failure is not null)
            {
                throw failure;
            }
        }
        finally
        {
            Open--;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("fake") : null;

    public void Dispose()
    {
    }
}
