using System.Runtime.CompilerServices;

namespace Streamline.Text;

/// <summary>The text of a stream, with its ends. A failure of the source is a piece too, so that what is open can be told to have ended.</summary>
internal static class TextPieces
{
    public static async IAsyncEnumerable<TextPiece> Read(IAsyncEnumerable<string> text, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var source = text.GetAsyncEnumerator(cancellationToken);
        await using (source.ConfigureAwait(false))
        {
            while (true)
            {
                var (hasNext, failure) = await MoveNextAsync(source, cancellationToken).ConfigureAwait(false);
                if (!hasNext)
                {
                    yield return EndOf(failure);
                    yield break;
                }

                yield return new TextPiece(TextPieceKind.Text, source.Current);
            }
        }
    }

    public static async IAsyncEnumerable<TextPiece> Read(IAsyncEnumerable<StreamEvent> events, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var hasText = false;
        HashSet<int> otherChoices = []; // the indexes of their blocks
        var source = events.GetAsyncEnumerator(cancellationToken);
        await using (source.ConfigureAwait(false))
        {
            while (true)
            {
                var (hasNext, failure) = await MoveNextAsync(source, cancellationToken).ConfigureAwait(false);
                if (!hasNext)
                {
                    yield return EndOf(failure);
                    yield break;
                }

                if (source.Current is ResponseCompleted or StreamRestarted)
                {
                    otherChoices.Clear(); // indexes begin again
                }

                switch (source.Current)
                {
                    case ContentStarted { Choice: > 0 } started:
                        otherChoices.Add(started.Index);
                        break;
                    case TextDelta { Text.Length: > 0 } delta when !otherChoices.Contains(delta.Index):
                        hasText = true;
                        yield return new TextPiece(TextPieceKind.Text, delta.Text);
                        break;
                    case ResponseCompleted when hasText:
                        hasText = false;
                        yield return new TextPiece(TextPieceKind.End);
                        break;
                    case StreamRestarted when hasText:
                        hasText = false;
                        yield return new TextPiece(TextPieceKind.Restart);
                        break;
                    case ApprovalRequested approval:
                        UnansweredApprovals.Deny(approval);
                        break;
                    default:
                        break;
                }
            }
        }
    }

    private static TextPiece EndOf(Exception? failure) => failure is null ? new TextPiece(TextPieceKind.End) : new TextPiece(TextPieceKind.Failure, Failure: failure);

    // After a cancellation nobody looks at what follows.
    private static async ValueTask<(bool HasNext, Exception? Failure)> MoveNextAsync<T>(IAsyncEnumerator<T> source, CancellationToken cancellationToken)
    {
        try
        {
            return (await source.MoveNextAsync().ConfigureAwait(false), null);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return (false, exception);
        }
    }
}
