using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline;

/// <summary>A stream client whose answers come from a chat client.</summary>
internal sealed class ChatStreamClient(IChatClient client, bool requireFinishReason) : IStreamClient
{
    private readonly string _provider = client.GetService<ChatClientMetadata>()?.ProviderName is { Length: > 0 } name ? name : "chat";
    private readonly string? _protocol = client.GetService<StreamClientMetadata>()?.Protocol; // of a stream client below

    public IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.ExtraBody is null
            ? StreamFold.Create((_, token) => StreamCoreAsync(request, token), StreamState.DefaultMaxRetainedChars, cancellationToken)
            : throw new NotSupportedException($"A chat client does not support {nameof(StreamRequest.ExtraBody)}.");
    }

    public object? GetService(Type serviceType)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceType.IsInstanceOfType(this) ? this
            : client.GetService(serviceType) ?? (serviceType == typeof(StreamClientMetadata) ? Describe() : null);
    }

    private StreamClientMetadata Describe() =>
        new() { Provider = _provider, DefaultModel = client.GetService<ChatClientMetadata>()?.DefaultModelId };

    private async IAsyncEnumerable<StreamEvent> StreamCoreAsync(StreamRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var builder = new ChatEventBuilder(_provider, _protocol);
        var updates = client.GetStreamingResponseAsync(request.Messages, request.Options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (updates.ConfigureAwait(false))
        {
            while (await MoveNextAsync(updates, cancellationToken).ConfigureAwait(false))
            {
                builder.Apply(updates.Current);
                while (builder.TryTake(out var streamEvent))
                {
                    yield return streamEvent;
                }
            }
        }

        if (requireFinishReason && !builder.HasFinishReason)
        {
            throw new StreamInterruptedException("The answer ended without a finish reason", bytesReceived: null);
        }

        builder.EndStream();
        while (builder.TryTake(out var streamEvent))
        {
            yield return streamEvent;
        }
    }

    private static async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<ChatResponseUpdate> updates, CancellationToken cancellationToken)
    {
        try
        {
            return await updates.MoveNextAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
        {
            throw CallerCancellation.ToException(exception, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException { StatusCode: null })
        {
            throw new StreamInterruptedException($"The connection of the chat client failed: {exception.Message}", bytesReceived: null, exception);
        }
    }
}
