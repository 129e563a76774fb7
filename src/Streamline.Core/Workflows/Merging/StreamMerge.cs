namespace Streamline;

/// <summary>Runs many streams at once, up to a limit, and merges their events into one stream.</summary>
public static class StreamMerge
{
    /// <summary>Runs a stream for each input.</summary>
    /// <typeparam name="TInput">The type of the inputs.</typeparam>
    /// <param name="inputs">The inputs. One is taken only when there is room for its stream, so that a source that never ends is held back.</param>
    /// <param name="open">Opens the stream of an input. What it throws is the failure of that stream alone.</param>
    /// <param name="options">How many run at once, and the order; <see langword="null"/> for the defaults. They are copied.</param>
    /// <param name="cancellationToken">Cancels all streams.</param>
    /// <returns>
    /// The events of all streams, each with its input. A stream that fails does not disturb the others: its end has the failure and what had arrived. When
    /// <paramref name="inputs"/> throws, the streams that run continue to their end, and then it is thrown.
    /// </returns>
    /// <remarks>A consumer that leaves cancels all streams and waits until they are closed. Retry and time limits belong to the clients that the streams come from.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="inputs"/> or <paramref name="open"/> is <see langword="null"/>.</exception>
    public static IAsyncEnumerable<MergedEvent<TInput>> MergeAsync<TInput>(
        IAsyncEnumerable<TInput> inputs,
        Func<TInput, CancellationToken, IAsyncEnumerable<StreamEvent>> open,
        StreamMergeOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(open);
        var copy = options?.Copy() ?? new StreamMergeOptions();
        return CallersTokens.Restore(StreamMerger<TInput>.MergeAsync(inputs, open, copy, cancellationToken), cancellationToken);
    }

    /// <inheritdoc cref="MergeAsync{TInput}(IAsyncEnumerable{TInput}, Func{TInput, CancellationToken, IAsyncEnumerable{StreamEvent}}, StreamMergeOptions?, CancellationToken)"/>
    public static IAsyncEnumerable<MergedEvent<TInput>> MergeAsync<TInput>(
        IEnumerable<TInput> inputs,
        Func<TInput, CancellationToken, IAsyncEnumerable<StreamEvent>> open,
        StreamMergeOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return MergeAsync(inputs.ToAsyncEnumerable(), open, options, cancellationToken);
    }

    /// <summary>Sends many requests to one client, a few at a time.</summary>
    /// <typeparam name="TInput">The type of the inputs.</typeparam>
    /// <param name="client">The client.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="toRequest">Makes the request of an input. What it throws is the failure of that stream alone.</param>
    /// <param name="options">How many run at once, and the order; <see langword="null"/> for the defaults. They are copied.</param>
    /// <param name="cancellationToken">Cancels all streams.</param>
    /// <returns>The events of all streams; see <see cref="MergeAsync{TInput}(IAsyncEnumerable{TInput}, Func{TInput, CancellationToken, IAsyncEnumerable{StreamEvent}}, StreamMergeOptions?, CancellationToken)"/>.</returns>
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
        return MergeAsync(inputs, (input, token) => client.StreamAsync(toRequest(input), token), options, cancellationToken);
    }

    /// <summary>Reads all streams to their ends and gathers the results in the order of the inputs.</summary>
    /// <typeparam name="TInput">The type of the inputs.</typeparam>
    /// <param name="events">The events.</param>
    /// <param name="cancellationToken">Cancels all streams.</param>
    /// <returns>A result per input. Those of failed streams are among them. Approvals that tools ask for are denied, because nobody can be asked.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="events"/> is <see langword="null"/>.</exception>
    public static async Task<IReadOnlyList<MergedResult<TInput>>> ToResultsAsync<TInput>(
        this IAsyncEnumerable<MergedEvent<TInput>> events, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        var results = new SortedList<int, MergedResult<TInput>>();
        await foreach (var merged in events.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (merged.Result is { } result)
            {
                results.Add(merged.Index, result);
            }
            else if (merged.Event is ApprovalRequested { CanRespond: true } approval)
            {
                approval.Deny("Nobody can be asked here.");
            }
        }

        return [.. results.Values];
    }
}
