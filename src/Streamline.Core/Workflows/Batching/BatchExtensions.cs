using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Streamline.Workflows;

/// <summary>Gathers the items of a stream, such as the lines of a log, into batches.</summary>
[SuppressMessage("ApiDesign", "RS0026:Do not add multiple public overloads with optional parameters", Justification = "The overloads differ in a required parameter, so a call is never ambiguous.")]
public static class BatchExtensions
{
    /// <summary>Gathers items into batches by number and time.</summary>
    /// <typeparam name="T">The type of the items.</typeparam>
    /// <param name="source">The items.</param>
    /// <param name="size">The greatest number of items in a batch.</param>
    /// <param name="maxWait">The longest time that the first item of a batch waits for the others; <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</param>
    /// <param name="cancellationToken">Cancels the stream at once. The items of an unfinished batch are lost; use <see cref="BatchOptions{T}.Stopping"/> to keep them.</param>
    /// <returns>The batches; see <see cref="Batch{T}(IAsyncEnumerable{T}, BatchOptions{T}, CancellationToken)"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is less than 1, or <paramref name="maxWait"/> is negative.</exception>
    public static IAsyncEnumerable<IReadOnlyList<T>> Batch<T>(
        this IAsyncEnumerable<T> source, int size, TimeSpan maxWait, CancellationToken cancellationToken = default) =>
        source.Batch(new BatchOptions<T> { MaxCount = size, MaxWait = maxWait }, cancellationToken);

    /// <summary>Gathers items into batches.</summary>
    /// <typeparam name="T">The type of the items.</typeparam>
    /// <param name="source">The items.</param>
    /// <param name="options">When a batch is complete. It is copied.</param>
    /// <param name="cancellationToken">Cancels the stream at once. The items of an unfinished batch are lost; use <see cref="BatchOptions{T}.Stopping"/> to keep them.</param>
    /// <returns>
    /// The batches, none of them empty, each a list of its own. When the source ends or fails, the items that it gave before come first, as a last batch; then
    /// the stream ends or throws what the source threw.
    /// </returns>
    /// <remarks>
    /// At most one item is read ahead: while the consumer works on a batch the source waits, except for a read that was pending. A consumer that leaves closes the source.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">The options have a <see cref="BatchOptions{T}.MaxWeight"/>, but no <see cref="BatchOptions{T}.Weigh"/>.</exception>
    public static IAsyncEnumerable<IReadOnlyList<T>> Batch<T>(this IAsyncEnumerable<T> source, BatchOptions<T> options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Weigh is null && options.MaxWeight != long.MaxValue)
        {
            throw new ArgumentException($"{nameof(options.MaxWeight)} needs {nameof(options.Weigh)}, which says how much an item weighs.", nameof(options));
        }

        return CallersTokens.Restore(BatchAsync(source, options.Copy(), cancellationToken), cancellationToken);
    }

    private static async IAsyncEnumerable<IReadOnlyList<T>> BatchAsync<T>(
        IAsyncEnumerable<T> source, BatchOptions<T> options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, options.Stopping);
        var reader = new TimedReader<T>(source.GetAsyncEnumerator, options.TimeProvider, stop.Token);
        await using (reader.ConfigureAwait(false))
        {
            var batch = new BatchBuilder<T>(options);
            while (!reader.HasEnded && !batch.HasFailed && (reader.IsReading || !options.Stopping.IsCancellationRequested))
            {
                if (!batch.IsDue && await reader.TryReadAsync(batch.Patience).ConfigureAwait(false))
                {
                    batch.Add(reader.Current);
                }
                else if (!reader.HasEnded && batch.Take() is { } due)
                {
                    yield return due;
                }
            }

            if (cancellationToken.IsCancellationRequested)
            {
                throw CallerCancellation.ToException(reader.Failure, cancellationToken);
            }

            while (batch.Take() is { } last)
            {
                yield return last;
            }

            batch.ThrowIfFailed();
            if (!(reader.Failure is OperationCanceledException && options.Stopping.IsCancellationRequested))
            {
                reader.ThrowIfFailed();
            }
        }
    }
}
