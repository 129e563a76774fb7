using System.Runtime.CompilerServices;

namespace Streamline.Text;

/// <summary>Reads what can be read aloud from the pieces of a Markdown text.</summary>
internal static class SpokenReading
{
    public static async IAsyncEnumerable<string> ReadAsync(
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
