namespace Streamline;

/// <summary>Gives middleware the state of its stream without folding the events twice. For authors of middleware.</summary>
/// <remarks>
/// The events of a stream are folded once, by its outermost stage: a stage tells the stream that it reads, by <see cref="GetUnfoldedEnumerator"/>, to leave folding to it.
/// Middleware that is a plain async iterator is unknown to this rule: what is inside of it folds for itself, what is outside of it folds what comes out of it.
/// </remarks>
public static class StreamFold
{
    /// <summary>Runs an async iterator as the body of a stage, with the state of its events.</summary>
    /// <param name="stream">
    /// Streams the events, once per enumeration. It gets the state, to which each event is applied when the iterator has yielded it and before the consumer
    /// sees it; and the one token that cancels the stream.
    /// </param>
    /// <param name="maxRetainedChars">The bound of the state, as <see cref="StreamState"/> has it. See <see cref="StreamClientMetadata.MaxRetainedChars"/> for that of the source.</param>
    /// <param name="cancellationToken">The token of the call. One that is given to the enumeration is heeded too.</param>
    /// <returns>
    /// The events. An exception that ends them carries the partial response of the state, and a cancellation the caller's own token.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxRetainedChars"/> is negative.</exception>
    public static IAsyncEnumerable<StreamEvent> Create(
        Func<StreamState, CancellationToken, IAsyncEnumerable<StreamEvent>> stream, long maxRetainedChars, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentOutOfRangeException.ThrowIfNegative(maxRetainedChars);
        return new FoldedIterator(stream, maxRetainedChars, cancellationToken);
    }

    /// <summary>Opens a stream whose events the caller folds, so that the stream itself does not.</summary>
    /// <param name="events">The stream.</param>
    /// <param name="cancellationToken">The token of the enumeration.</param>
    /// <returns>The enumerator. Its exceptions carry no partial response if the stream is one of the library.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="events"/> is <see langword="null"/>.</exception>
    public static IAsyncEnumerator<StreamEvent> GetUnfoldedEnumerator(IAsyncEnumerable<StreamEvent> events, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(events);
        var enumerator = events.GetAsyncEnumerator(cancellationToken);
        (enumerator as IFoldedEvents)?.StopFolding();
        return enumerator;
    }

    /// <summary>Asks a client, and opens its stream as <see cref="GetUnfoldedEnumerator"/> does. What it throws out of the call itself comes with the first move, like any failure of the stream.</summary>
    internal static IAsyncEnumerator<StreamEvent> Open(IStreamClient client, StreamRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return GetUnfoldedEnumerator(client.StreamAsync(request, cancellationToken), cancellationToken);
        }
        catch (Exception exception)
        {
            return new Unopened(exception);
        }
    }

    /// <summary>Gets the state that the stream keeps of its events; <see langword="null"/> when the reader is to keep one.</summary>
    internal static StreamState? StateOf(IAsyncEnumerator<StreamEvent> events) => (events as IFoldedEvents)?.State;

    private sealed class Unopened(Exception failure) : IAsyncEnumerator<StreamEvent>
    {
        public StreamEvent Current => throw new InvalidOperationException("The enumeration has not begun.");

        public ValueTask<bool> MoveNextAsync() => ValueTask.FromException<bool>(failure);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
