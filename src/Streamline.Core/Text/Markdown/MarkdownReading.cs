using System.Runtime.CompilerServices;

namespace Streamline.Text;

/// <summary>Reads Markdown from the pieces of a text.</summary>
internal static class MarkdownReading
{
    public static async IAsyncEnumerable<MarkdownEvent> ReadAsync(
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
