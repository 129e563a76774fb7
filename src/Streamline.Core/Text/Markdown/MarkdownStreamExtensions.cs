using System.Runtime.CompilerServices;

namespace Streamline;

/// <summary>Reads Markdown from a stream of text.</summary>
public static class MarkdownStreamExtensions
{
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
        return CallersTokens.Restore(ReadAsync(TextPieces.Read(text, CancellationToken.None), options?.Copy(), cancellationToken), cancellationToken);
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
        return CallersTokens.Restore(ReadAsync(TextPieces.Read(events, CancellationToken.None), options?.Copy(), cancellationToken), cancellationToken);
    }

    private static async IAsyncEnumerable<MarkdownEvent> ReadAsync(
        IAsyncEnumerable<TextPiece> pieces, MarkdownOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var stream = new MarkdownStream(options);
        var first = 0;
        await foreach (var piece in pieces.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            foreach (var markdownEvent in piece.Kind == TextPieceKind.Text ? stream.Append(piece.Text) : stream.Complete())
            {
                yield return markdownEvent;
            }

            stream.ThrowIfFailed();
            if (piece.Kind == TextPieceKind.Failure)
            {
                piece.Throw();
            }

            if (piece.Kind == TextPieceKind.Text)
            {
                continue;
            }

            if (piece.Kind == TextPieceKind.Restart)
            {
                yield return new MarkdownRestarted { FirstDiscardedId = first };
            }

            first = stream.NextId;
            stream = new MarkdownStream(options, first);
        }
    }
}
