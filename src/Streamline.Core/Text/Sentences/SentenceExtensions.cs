using System.Runtime.CompilerServices;

namespace Streamline;

/// <summary>Reads sentences from a stream of text.</summary>
public static class SentenceExtensions
{
    /// <summary>Reads the sentences of a text that arrives in pieces.</summary>
    /// <param name="text">The pieces of the text, of any length.</param>
    /// <param name="options">The settings, which are copied; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The sentences, in the order of the text. When the source fails, the unfinished sentence comes before the exception is thrown.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is <see langword="null"/>.</exception>
    public static IAsyncEnumerable<Sentence> ReadSentencesAsync(this IAsyncEnumerable<string> text, SentenceOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return CallersTokens.Restore(ReadAsync(TextPieces.Read(text, CancellationToken.None), options?.Copy(), cancellationToken), cancellationToken);
    }

    /// <summary>Reads the sentences of the answers of a stream.</summary>
    /// <param name="events">The events of a stream. Of these, the text of the first choice is read; each response is a text of its own. Tools that ask for approval are denied.</param>
    /// <param name="options">The settings, which are copied; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Cancels the stream.</param>
    /// <returns>
    /// The sentences, in the order of the text. When the stream is restarted, the unfinished sentence is dropped. When it fails, the unfinished sentence comes before the exception is thrown.
    /// </returns>
    /// <remarks>To have an answer spoken, read its <see cref="SpokenTextExtensions.ReadSpokenTextAsync"/> first.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="events"/> is <see langword="null"/>.</exception>
    public static IAsyncEnumerable<Sentence> ReadSentencesAsync(this IAsyncEnumerable<StreamEvent> events, SentenceOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        return CallersTokens.Restore(ReadAsync(TextPieces.Read(events, CancellationToken.None), options?.Copy(), cancellationToken), cancellationToken);
    }

    private static async IAsyncEnumerable<Sentence> ReadAsync(
        IAsyncEnumerable<TextPiece> pieces, SentenceOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (splitter, number) = (new SentenceSplitter(options), 0);
        await foreach (var piece in pieces.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            var sentences = piece.Kind switch
            {
                TextPieceKind.Text => splitter.Append(piece.Text),
                TextPieceKind.Restart => [],
                _ => splitter.Complete(),
            };
            foreach (var sentence in sentences)
            {
                yield return sentence;
            }

            if (piece.Kind == TextPieceKind.Failure)
            {
                piece.Throw();
            }

            if (piece.Kind != TextPieceKind.Text)
            {
                splitter = new SentenceSplitter(options, ++number, piece.Kind == TextPieceKind.Restart);
            }
        }
    }
}
