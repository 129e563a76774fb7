namespace Streamline;

/// <summary>Streams the answer to a request as typed events. Both providers and middleware are stream clients.</summary>
/// <remarks>Implementations are thread-safe: any number of streams may run at once.</remarks>
public interface IStreamClient
{
    /// <summary>Sends a request and streams its answer. Nothing is sent before the enumeration starts; each enumeration sends a new request.</summary>
    /// <param name="request">The request. It must not be changed while the stream runs.</param>
    /// <param name="cancellationToken">Cancels the request. A token passed to <c>WithCancellation</c> works too; the exception carries whichever token was cancelled.</param>
    /// <returns>The events, in order, ending with <see cref="ResponseCompleted"/>.</returns>
    /// <remarks>
    /// Leaving the enumeration at any point, by <see langword="break"/>, an exception or cancellation, ends the exchange
    /// and leaves nothing running once the enumerator is disposed. An implementation has to honor the token wherever it waits: no time limit or cancellation can end one that does not.
    /// It ends its events with <see cref="ResponseCompleted"/>, or throws.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="request"/> is <see langword="null"/>.</exception>
    /// <exception cref="StreamlineException">While enumerating: the stream failed. See the derived types.</exception>
    /// <exception cref="OperationCanceledException">While enumerating: <paramref name="cancellationToken"/> was cancelled.</exception>
    IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, CancellationToken cancellationToken = default);

    /// <summary>Gets an object that describes or extends the client or a client that it wraps, such as <see cref="StreamClientMetadata"/>.</summary>
    /// <param name="serviceType">The type of the object.</param>
    /// <returns>The object; <see langword="null"/> when there is none.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="serviceType"/> is <see langword="null"/>.</exception>
    object? GetService(Type serviceType)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceType.IsInstanceOfType(this) ? this : null;
    }
}
