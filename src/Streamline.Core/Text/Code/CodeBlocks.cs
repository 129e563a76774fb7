using System.Runtime.CompilerServices;

namespace Streamline;

/// <summary>Finds the fenced code in a stream of text.</summary>
public static class CodeBlocks
{
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
        return CallersTokens.Restore(ReadAsync(TextPieces.Read(text, CancellationToken.None), options?.Copy(), cancellationToken), cancellationToken);
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
        return CallersTokens.Restore(ReadAsync(TextPieces.Read(events, CancellationToken.None), options?.Copy(), cancellationToken), cancellationToken);
    }

    private static async IAsyncEnumerable<CodeBlockEvent> ReadAsync(
        IAsyncEnumerable<TextPiece> pieces, CodeBlockOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = new CodeBlockReader(options);
        var first = 0;
        await foreach (var piece in pieces.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            foreach (var codeEvent in piece.Kind == TextPieceKind.Text ? reader.Append(piece.Text) : reader.Complete())
            {
                yield return codeEvent;
            }

            reader.ThrowIfFailed();
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
                yield return new CodeBlocksRestarted { FirstDiscardedId = first };
            }

            first = reader.NextId;
            reader = new CodeBlockReader(options, first);
        }
    }
}
