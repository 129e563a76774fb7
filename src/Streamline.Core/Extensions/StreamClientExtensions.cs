using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Streamline.Workflows;

namespace Streamline;

/// <summary>Convenience overloads of <see cref="IStreamClient.StreamAsync"/>.</summary>
[SuppressMessage("ApiDesign", "RS0026:Do not add multiple public overloads with optional parameters", Justification = "The overloads differ in a required parameter, so a call is never ambiguous.")]
public static class StreamClientExtensions
{
    /// <summary>Streams the answer to one user message.</summary>
    /// <param name="client">The client.</param>
    /// <param name="prompt">The text of the message.</param>
    /// <param name="options">The options; <see langword="null"/> for the client's defaults.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>The events; see <see cref="IStreamClient.StreamAsync"/> for how they end and fail.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="client"/> or <paramref name="prompt"/> is <see langword="null"/>.</exception>
    public static IAsyncEnumerable<StreamEvent> StreamAsync(
        this IStreamClient client, string prompt, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(client).StreamAsync(RequestOf(prompt, options), cancellationToken);

    /// <summary>Streams the answer to a conversation.</summary>
    /// <param name="client">The client.</param>
    /// <param name="messages">The conversation, oldest message first. The list is copied.</param>
    /// <param name="options">The options; <see langword="null"/> for the client's defaults.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>The events; see <see cref="IStreamClient.StreamAsync"/> for how they end and fail.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="client"/> or <paramref name="messages"/> is <see langword="null"/>.</exception>
    public static IAsyncEnumerable<StreamEvent> StreamAsync(
        this IStreamClient client, IReadOnlyList<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(client).StreamAsync(RequestOf(messages, options), cancellationToken);

    /// <summary>Streams only the text of the answer to one user message.</summary>
    /// <param name="client">The client.</param>
    /// <param name="prompt">The text of the message.</param>
    /// <param name="options">The options; <see langword="null"/> for the client's defaults.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>The pieces of the text, in order.</returns>
    /// <remarks><inheritdoc cref="StreamTextAsync(IStreamClient, StreamRequest, CancellationToken)"/></remarks>
    /// <exception cref="ArgumentNullException"><paramref name="client"/> or <paramref name="prompt"/> is <see langword="null"/>.</exception>
    public static IAsyncEnumerable<string> StreamTextAsync(
        this IStreamClient client, string prompt, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        client.StreamTextAsync(RequestOf(prompt, options), cancellationToken);

    /// <summary>Streams only the text of the answer to a conversation.</summary>
    /// <param name="client">The client.</param>
    /// <param name="messages">The conversation, oldest message first. The list is copied.</param>
    /// <param name="options">The options; <see langword="null"/> for the client's defaults.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>The pieces of the text, in order.</returns>
    /// <remarks><inheritdoc cref="StreamTextAsync(IStreamClient, StreamRequest, CancellationToken)"/></remarks>
    /// <exception cref="ArgumentNullException"><paramref name="client"/> or <paramref name="messages"/> is <see langword="null"/>.</exception>
    public static IAsyncEnumerable<string> StreamTextAsync(
        this IStreamClient client, IReadOnlyList<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        client.StreamTextAsync(RequestOf(messages, options), cancellationToken);

    /// <summary>Streams only the text of the answer to a request.</summary>
    /// <param name="client">The client.</param>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>The pieces of the text, in order.</returns>
    /// <remarks>
    /// Text that was handed out cannot be taken back. If retry restarts an answer in the middle, the stream fails at that point with
    /// <see cref="StreamInterruptedException"/>. Read the events to handle a restart.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="client"/> or <paramref name="request"/> is <see langword="null"/>.</exception>
    public static IAsyncEnumerable<string> StreamTextAsync(this IStreamClient client, StreamRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return TextOf(Checked(client).StreamAsync(request, cancellationToken), CancellationToken.None);
    }

    /// <summary>Reads the answer to one user message to its end.</summary>
    /// <param name="client">The client.</param>
    /// <param name="prompt">The text of the message.</param>
    /// <param name="options">The options; <see langword="null"/> for the client's defaults.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>The whole answer: the messages of every round, and the usage of all of them.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="client"/> or <paramref name="prompt"/> is <see langword="null"/>.</exception>
    /// <exception cref="StreamlineException">The stream failed. See the derived types.</exception>
    public static Task<ChatResponse> GetResponseAsync(
        this IStreamClient client, string prompt, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        client.GetResponseAsync(RequestOf(prompt, options), cancellationToken);

    /// <summary>Reads the answer to a conversation to its end.</summary>
    /// <param name="client">The client.</param>
    /// <param name="messages">The conversation, oldest message first. The list is copied.</param>
    /// <param name="options">The options; <see langword="null"/> for the client's defaults.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>The whole answer: the messages of every round, and the usage of all of them.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="client"/> or <paramref name="messages"/> is <see langword="null"/>.</exception>
    /// <exception cref="StreamlineException">The stream failed. See the derived types.</exception>
    public static Task<ChatResponse> GetResponseAsync(
        this IStreamClient client, IReadOnlyList<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        client.GetResponseAsync(RequestOf(messages, options), cancellationToken);

    /// <summary>Reads the answer to a request to its end.</summary>
    /// <param name="client">The client.</param>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>The whole answer: the messages of every round, and the usage of all of them.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="StreamlineException">The stream failed. See the derived types.</exception>
    /// <exception cref="StreamLimitException">A response is longer than <see cref="StreamClientMetadata.MaxRetainedChars"/>.</exception>
    public static Task<ChatResponse> GetResponseAsync(this IStreamClient client, StreamRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ReadAsync(Checked(client), request, cancellationToken);
    }

    /// <summary>Sends many requests to one client, a few at a time.</summary>
    /// <typeparam name="TInput">The type of the inputs.</typeparam>
    /// <param name="client">The client.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="toRequest">Makes the request of an input. What it throws is the failure of that stream alone.</param>
    /// <param name="options">How many run at once, and the order; <see langword="null"/> for the defaults. They are copied.</param>
    /// <param name="cancellationToken">Cancels all streams.</param>
    /// <returns>The events of all streams; see <see cref="StreamMerge.MergeAsync{TInput}(IAsyncEnumerable{TInput}, Func{TInput, CancellationToken, IAsyncEnumerable{StreamEvent}}, StreamMergeOptions?, CancellationToken)"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="client"/>, <paramref name="inputs"/> or <paramref name="toRequest"/> is <see langword="null"/>.</exception>
    public static IAsyncEnumerable<MergedEvent<TInput>> StreamManyAsync<TInput>(
        this IStreamClient client,
        IEnumerable<TInput> inputs,
        Func<TInput, StreamRequest> toRequest,
        StreamMergeOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(toRequest);
        return StreamMerge.MergeAsync(inputs, (input, token) => client.StreamAsync(toRequest(input), token), options, cancellationToken);
    }

    private static IStreamClient Checked(IStreamClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client;
    }

    private static StreamRequest RequestOf(string prompt, ChatOptions? options)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return new StreamRequest { Messages = [new ChatMessage(ChatRole.User, prompt)], Options = options };
    }

    private static StreamRequest RequestOf(IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return new StreamRequest { Messages = messages, Options = options };
    }

    private static async Task<ChatResponse> ReadAsync(IStreamClient client, StreamRequest request, CancellationToken cancellationToken)
    {
        var events = client.StreamAsync(request, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (events.ConfigureAwait(false))
        {
            var known = StreamFold.StateOf(events);
            var state = known ?? new StreamState(StageClient.BoundOf(client));
            while (await events.MoveNextAsync().ConfigureAwait(false))
            {
                if (known is null)
                {
                    state.Apply(events.Current);
                }

                if (events.Current is ApprovalRequested { CanRespond: true } approval)
                {
                    approval.Defer(); // the caller finds the request in the response, and answers it in the next request
                }
            }

            state.ThrowIfRetentionExceeded();
            return state.ToChatResponse();
        }
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
                    throw new StreamInterruptedException($"The response was interrupted and restarted ({restarted.Reason}); text that was handed out cannot be taken back", bytesReceived: null);
                case ApprovalRequested approval:
                    UnansweredApprovals.Deny(approval);
                    break;
                default:
                    break;
            }
        }
    }
}
