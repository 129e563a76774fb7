using System.Diagnostics.CodeAnalysis;
using Streamline.Text;
using Streamline.Workflows;

namespace Streamline;

/// <summary>Reads a stream as something else: snapshots, Markdown, code, sentences, results.</summary>
[SuppressMessage("ApiDesign", "RS0026:Do not add multiple public overloads with optional parameters", Justification = "The overloads differ in a required parameter, so a call is never ambiguous.")]
public static class StreamEventExtensions
{
    /// <summary>Folds events and gives the latest state at most once per interval, and the last state always.</summary>
    /// <param name="events">The events.</param>
    /// <param name="interval">The shortest time between two states; zero for a state per event.</param>
    /// <param name="timeProvider">The clock; <see langword="null"/> for the system's.</param>
    /// <param name="cancellationToken">Cancels the stream.</param>
    /// <returns>
    /// The state, which is the same object each time and changes only while the next one is awaited. The first comes with the first event; after the last event, or before a failure
    /// is thrown, comes one that has everything.
    /// </returns>
    /// <remarks>
    /// While the consumer draws, events wait where they are; use <c>UseBackpressure</c> if the provider must not wait for it. Tools that ask for approval are in
    /// <see cref="StreamState.PendingApprovals"/>, for the consumer to answer.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="events"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="interval"/> is negative.</exception>
    public static IAsyncEnumerable<StreamState> SnapshotsAsync(
        this IAsyncEnumerable<StreamEvent> events, TimeSpan interval, TimeProvider? timeProvider = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, TimeSpan.Zero);
        return CallersTokens.Restore(StreamSnapshots.ReadAsync(events, interval, timeProvider ?? TimeProvider.System, cancellationToken), cancellationToken);
    }

    /// <summary>Reads the blocks of a Markdown text that arrives in pieces.</summary>
    /// <param name="text">The pieces of the text, of any length.</param>
    /// <param name="options">The settings, which are copied; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The events, in the order of the text. When the source fails, open blocks are closed before the exception is thrown.</returns>
    /// <remarks>Use a <see cref="MarkdownStream"/> to see the growing text of the open block with its emphasis and links closed.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is <see langword="null"/>.</exception>
    /// <exception cref="StreamLimitException">While enumerating: the text went past a limit of the options.</exception>
    public static IAsyncEnumerable<MarkdownEvent> ReadMarkdownAsync(this IAsyncEnumerable<string> text, MarkdownOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return CallersTokens.Restore(MarkdownReading.ReadAsync(TextPieces.Read(text, CancellationToken.None), options?.Copy(), cancellationToken), cancellationToken);
    }

    /// <summary>Reads the blocks of the answers of a stream.</summary>
    /// <param name="events">The events of a stream. Of these, the text of the first choice is read; each response is a text of its own. Tools that ask for approval are denied.</param>
    /// <param name="options">The settings, which are copied; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Cancels the stream.</param>
    /// <inheritdoc cref="ReadMarkdownAsync(IAsyncEnumerable{string}, MarkdownOptions?, CancellationToken)"/>
    /// <exception cref="ArgumentNullException"><paramref name="events"/> is <see langword="null"/>.</exception>
    public static IAsyncEnumerable<MarkdownEvent> ReadMarkdownAsync(this IAsyncEnumerable<StreamEvent> events, MarkdownOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        return CallersTokens.Restore(MarkdownReading.ReadAsync(TextPieces.Read(events, CancellationToken.None), options?.Copy(), cancellationToken), cancellationToken);
    }

    /// <summary>Reads the fenced code of a text that arrives in pieces, and the text around it.</summary>
    /// <param name="text">The pieces of the text, of any length.</param>
    /// <param name="options">The settings, which are copied; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The events, in the order of the text. When the source fails, a block that is open is announced as incomplete before the exception is thrown.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is <see langword="null"/>.</exception>
    /// <exception cref="StreamLimitException">While enumerating: the text went past a limit of the options.</exception>
    public static IAsyncEnumerable<CodeBlockEvent> ReadCodeBlocksAsync(this IAsyncEnumerable<string> text, CodeBlockOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return CallersTokens.Restore(CodeBlockReading.ReadAsync(TextPieces.Read(text, CancellationToken.None), options?.Copy(), cancellationToken), cancellationToken);
    }

    /// <summary>Reads the fenced code of the answers of a stream, and the text around it.</summary>
    /// <param name="events">The events of a stream. Of these, the text of the first choice is read; each response is a text of its own. Tools that ask for approval are denied.</param>
    /// <param name="options">The settings, which are copied; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Cancels the stream.</param>
    /// <inheritdoc cref="ReadCodeBlocksAsync(IAsyncEnumerable{string}, CodeBlockOptions?, CancellationToken)"/>
    /// <exception cref="ArgumentNullException"><paramref name="events"/> is <see langword="null"/>.</exception>
    public static IAsyncEnumerable<CodeBlockEvent> ReadCodeBlocksAsync(this IAsyncEnumerable<StreamEvent> events, CodeBlockOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        return CallersTokens.Restore(CodeBlockReading.ReadAsync(TextPieces.Read(events, CancellationToken.None), options?.Copy(), cancellationToken), cancellationToken);
    }

    /// <summary>Reads the sentences of a text that arrives in pieces.</summary>
    /// <param name="text">The pieces of the text, of any length.</param>
    /// <param name="options">The settings, which are copied; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The sentences, in the order of the text. When the source fails, the unfinished sentence comes before the exception is thrown.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is <see langword="null"/>.</exception>
    public static IAsyncEnumerable<Sentence> ReadSentencesAsync(this IAsyncEnumerable<string> text, SentenceOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return CallersTokens.Restore(SentenceReading.ReadAsync(TextPieces.Read(text, CancellationToken.None), options?.Copy(), cancellationToken), cancellationToken);
    }

    /// <summary>Reads the sentences of the answers of a stream.</summary>
    /// <param name="events">The events of a stream. Of these, the text of the first choice is read; each response is a text of its own. Tools that ask for approval are denied.</param>
    /// <param name="options">The settings, which are copied; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Cancels the stream.</param>
    /// <returns>
    /// The sentences, in the order of the text. When the stream is restarted, the unfinished sentence is dropped. When it fails, the unfinished sentence comes before the exception is thrown.
    /// </returns>
    /// <remarks>To have an answer spoken, read its <see cref="ReadSpokenTextAsync"/> first.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="events"/> is <see langword="null"/>.</exception>
    public static IAsyncEnumerable<Sentence> ReadSentencesAsync(this IAsyncEnumerable<StreamEvent> events, SentenceOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        return CallersTokens.Restore(SentenceReading.ReadAsync(TextPieces.Read(events, CancellationToken.None), options?.Copy(), cancellationToken), cancellationToken);
    }

    /// <summary>Reads the answers of a stream as text that can be read aloud; see <see cref="SpokenText"/>.</summary>
    /// <param name="events">The events of a stream. Of these, the text of the first choice is read. Tools that ask for approval are denied.</param>
    /// <param name="options">The settings of the Markdown, which are copied; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Cancels the stream.</param>
    /// <returns>
    /// Pieces of text, none of them empty. Each response ends with a blank line, and so does what was spoken of one that is restarted: it cannot be taken back. When the source fails, what arrived
    /// comes before the exception is thrown.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="events"/> is <see langword="null"/>.</exception>
    /// <exception cref="StreamLimitException">While enumerating: the text went past a limit of the options.</exception>
    public static IAsyncEnumerable<string> ReadSpokenTextAsync(this IAsyncEnumerable<StreamEvent> events, MarkdownOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        return CallersTokens.Restore(SpokenReading.ReadAsync(TextPieces.Read(events, CancellationToken.None), options?.Copy(), cancellationToken), cancellationToken);
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
            else if (merged.Event is { } streamEvent)
            {
                UnansweredApprovals.Deny(streamEvent);
            }
        }

        return [.. results.Values];
    }
}
