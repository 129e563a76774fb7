using System.Diagnostics.CodeAnalysis;

namespace Streamline.Workflows;

/// <summary>Runs many streams at once, up to a limit, and merges their events into one stream.</summary>
[SuppressMessage("ApiDesign", "RS0026:Do not add multiple public overloads with optional parameters", Justification = "The overloads differ in a required parameter, so a call is never ambiguous.")]
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
}
