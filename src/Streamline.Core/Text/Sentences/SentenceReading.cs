using System.Runtime.CompilerServices;

namespace Streamline.Text;

/// <summary>Reads sentences from the pieces of a text.</summary>
internal static class SentenceReading
{
    public static async IAsyncEnumerable<Sentence> ReadAsync(
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
                // A restarted text is the same text once more.
                var isRestart = piece.Kind == TextPieceKind.Restart;
                number += isRestart ? 0 : 1;
                splitter = new SentenceSplitter(options, number, isRestart);
            }
        }
    }
}
