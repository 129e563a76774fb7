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
        var updates = Open(request, cancellationToken);
        var hasBegun = false;
        await using (updates.ConfigureAwait(false))
        {
            while (await MoveNextAsync(updates, hasBegun, cancellationToken).ConfigureAwait(false))
            {
                hasBegun = true;
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

    private IAsyncEnumerator<ChatResponseUpdate> Open(StreamRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return client.GetStreamingResponseAsync(request.Messages, request.Options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        }
        catch (Exception exception) when (Classify(exception, hasBegun: false, cancellationToken) is not null)
        {
            throw Classify(exception, hasBegun: false, cancellationToken)!;
        }
    }

    private async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<ChatResponseUpdate> updates, bool hasBegun, CancellationToken cancellationToken)
    {
        try
        {
            return await updates.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (Classify(exception, hasBegun, cancellationToken) is not null)
        {
            throw Classify(exception, hasBegun, cancellationToken)!;
        }
    }

    /// <summary>Finds the exception by which retry and failover know what happened; <see langword="null"/> for one that says it itself, or that nobody knows.</summary>
    private Exception? Classify(Exception exception, bool hasBegun, CancellationToken cancellationToken) => exception switch
    {
        OperationCanceledException when cancellationToken.IsCancellationRequested => CallerCancellation.ToException(exception, cancellationToken),

        // Nobody but the chat client can have cancelled, for a time limit of its own.
        OperationCanceledException or TimeoutException =>
            new StreamTimeoutException(hasBegun ? StreamTimeoutPhase.Idle : StreamTimeoutPhase.FirstEvent, Timeout.InfiniteTimeSpan, exception),
        HttpRequestException { StatusCode: { } status } =>
            new ProviderException(_provider, status, code: null, exception.Message, exception) { Protocol = _protocol, IsRetryable = ErrorCodes.IsRetryable(status, code: null) },
        IOException or HttpRequestException =>
            new StreamInterruptedException($"The connection of the chat client failed: {exception.Message}", bytesReceived: null, exception),
        _ => null,
    };
}
