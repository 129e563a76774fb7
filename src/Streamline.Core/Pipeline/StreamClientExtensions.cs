using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Streamline;

/// <summary>Shorter doors to <see cref="IStreamClient.StreamAsync"/>.</summary>
public static class StreamClientExtensions
{
    /// <summary>Streams the answer to one user message.</summary>
    /// <param name="client">The client.</param>
    /// <param name="prompt">The text of the message.</param>
    /// <param name="options">The options; <see langword="null"/> for the client's defaults.</param>
    /// <param name="cancellationToken">Ends the exchange.</param>
    /// <returns>The events; see <see cref="IStreamClient.StreamAsync"/> for how they end and fail.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="client"/> or <paramref name="prompt"/> is <see langword="null"/>.</exception>
    public static IAsyncEnumerable<StreamEvent> StreamAsync(
        this IStreamClient client, string prompt, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return client.StreamAsync([new ChatMessage(ChatRole.User, prompt)], options, cancellationToken);
    }

    /// <summary>Streams the answer to a conversation.</summary>
    /// <param name="client">The client.</param>
    /// <param name="messages">The conversation, oldest message first.</param>
    /// <param name="options">The options; <see langword="null"/> for the client's defaults.</param>
    /// <param name="cancellationToken">Ends the exchange.</param>
    /// <returns>The events; see <see cref="IStreamClient.StreamAsync"/> for how they end and fail.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="client"/> or <paramref name="messages"/> is <see langword="null"/>.</exception>
    public static IAsyncEnumerable<StreamEvent> StreamAsync(
        this IStreamClient client, IReadOnlyList<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(messages);
        return client.StreamAsync(new StreamRequest { Messages = messages, Options = options }, cancellationToken);
    }

    /// <summary>Streams only the text of the answer to one user message.</summary>
    /// <param name="client">The client.</param>
    /// <param name="prompt">The text of the message.</param>
    /// <param name="options">The options; <see langword="null"/> for the client's defaults.</param>
    /// <param name="cancellationToken">Ends the exchange.</param>
    /// <returns>The pieces of the text, in order.</returns>
    /// <remarks>
    /// Strings cannot take back what was shown. So a client whose retry restarts an answer in the middle fails here with
    /// <see cref="StreamInterruptedException"/> at that point; read the events to handle a restart.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="client"/> or <paramref name="prompt"/> is <see langword="null"/>.</exception>
    public static IAsyncEnumerable<string> StreamTextAsync(
        this IStreamClient client, string prompt, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        TextOf(client.StreamAsync(prompt, options, cancellationToken), CancellationToken.None);

    /// <summary>Reads a stream to its end.</summary>
    /// <param name="client">The client.</param>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Ends the exchange.</param>
    /// <returns>The whole answer: the messages of every round, and the usage of all of them.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="StreamlineException">The stream failed. See the derived types.</exception>
    public static Task<ChatResponse> GetResponseAsync(this IStreamClient client, StreamRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(request);
        return FoldAsync(client.StreamAsync(request, cancellationToken), cancellationToken);
    }

    private static async Task<ChatResponse> FoldAsync(IAsyncEnumerable<StreamEvent> events, CancellationToken cancellationToken)
    {
        var state = new StreamState();
        await foreach (var streamEvent in events.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            state.Apply(streamEvent);
            if (streamEvent is ApprovalRequested { CanRespond: true } approval)
            {
                approval.Defer(); // the caller finds the request in the response, and answers it in the next request
            }
        }

        return state.ToChatResponse();
    }

    private static async IAsyncEnumerable<string> TextOf(
        IAsyncEnumerable<StreamEvent> events, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var shown = false;
        await foreach (var streamEvent in events.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            switch (streamEvent)
            {
                case TextDelta delta:
                    shown = true;
                    yield return delta.Text;
                    break;
                case StreamRestarted restarted when shown:
                    throw new StreamInterruptedException($"The answer broke and began anew ({restarted.Reason}); text that was handed out cannot be taken back", bytesReceived: -1);
                case ApprovalRequested { CanRespond: true } approval:
                    approval.Deny("Nobody can be asked here.");
                    break;
                default:
                    break;
            }
        }
    }
}
