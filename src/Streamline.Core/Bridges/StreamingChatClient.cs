using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Streamline;

/// <summary>A chat client whose answers come from a stream client.</summary>
internal sealed class StreamingChatClient(IStreamClient client, ChatClientMetadata metadata) : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return GetResponseCoreAsync(Request(messages, options), cancellationToken);
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return CallersTokens.Restore(StreamAsync(Request(messages, options), cancellationToken), cancellationToken);
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType.IsInstanceOfType(metadata) ? metadata
            : serviceType.IsInstanceOfType(this) ? this
            : client.GetService(serviceType);
    }

    public void Dispose()
    {
        // The stream client is not owned.
    }

    private static StreamRequest Request(IEnumerable<ChatMessage> messages, ChatOptions? options) =>
        new() { Messages = [.. messages], Options = options };

    private async Task<ChatResponse> GetResponseCoreAsync(StreamRequest request, CancellationToken cancellationToken)
    {
        var response = await client.GetResponseAsync(request, cancellationToken).ConfigureAwait(false);
        // What was run here, or waits here for approval, is not for the caller to run.
        var contents = response.Messages.SelectMany(message => message.Contents).ToList();
        var handled = contents.OfType<FunctionResultContent>().Select(result => result.CallId)
            .Concat(contents.OfType<ToolApprovalRequestContent>().Select(request => request.ToolCall.CallId))
            .ToHashSet(StringComparer.Ordinal);
        foreach (var call in contents.Concat(contents.OfType<ToolApprovalRequestContent>().Select(request => request.ToolCall)).OfType<FunctionCallContent>())
        {
            call.InformationalOnly |= handled.Contains(call.CallId);
        }

        return response;
    }

    private async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(StreamRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var events = client.StreamAsync(request, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (events.ConfigureAwait(false))
        {
            var known = StreamFold.StateOf(events);
            var state = known ?? new StreamState(StageClient.BoundOf(client));
            var updates = new ChatUpdateBuilder(state);
            while (await events.MoveNextAsync().ConfigureAwait(false))
            {
                if (known is null)
                {
                    state.Apply(events.Current);
                }

                updates.Apply(events.Current);
                while (updates.TryTake(out var update))
                {
                    yield return update;
                }
            }

            updates.EndResponse();
            while (updates.TryTake(out var update))
            {
                yield return update;
            }
        }
    }
}
