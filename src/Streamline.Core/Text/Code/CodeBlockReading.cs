using System.Runtime.CompilerServices;

namespace Streamline.Text;

/// <summary>Reads fenced code from the pieces of a text.</summary>
internal static class CodeBlockReading
{
    public static async IAsyncEnumerable<CodeBlockEvent> ReadAsync(
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
