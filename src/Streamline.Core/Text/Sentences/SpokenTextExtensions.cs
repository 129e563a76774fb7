using System.Runtime.CompilerServices;

namespace Streamline;

/// <summary>Reads Markdown as text that can be read aloud.</summary>
public static class SpokenTextExtensions
{
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
        return CallersTokens.Restore(ReadAsync(TextPieces.Read(events, CancellationToken.None), options?.Copy(), cancellationToken), cancellationToken);
    }

    private static async IAsyncEnumerable<string> ReadAsync(
        IAsyncEnumerable<TextPiece> pieces, MarkdownOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var text = new SpokenText(options);
        await foreach (var piece in pieces.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            var spoken = piece.Kind == TextPieceKind.Text ? text.Append(piece.Text) : text.Complete();
            if (spoken.Length > 0)
            {
                yield return spoken;
            }

            if (piece.Kind == TextPieceKind.Failure)
            {
                piece.Throw();
            }

            text = piece.Kind == TextPieceKind.Text ? text : new SpokenText(options);
        }
    }
}
