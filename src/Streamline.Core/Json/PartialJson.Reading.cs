using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Streamline.Json;

/// <content>Reading text that is still arriving.</content>
public static partial class PartialJson
{
    private const int ReadBytes = 4096;

    /// <summary>Reads a document while it arrives.</summary>
    /// <param name="utf8Json">The text in UTF-8. It is disposed when the enumeration ends or is left.</param>
    /// <param name="options">The settings, which are copied; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends reading; the exception carries this token.</param>
    /// <returns>A snapshot each time that something has arrived, and one at the end. They can be enumerated once.</returns>
    /// <remarks>A snapshot costs the same however much came before. See <see cref="PartialJsonElement.EnumerateChanges"/> for what is new in one.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="utf8Json"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="utf8Json"/> cannot be read.</exception>
    /// <exception cref="StreamProtocolException">
    /// While enumerating: the text is malformed, or cut short where <see cref="PartialJsonOptions.AllowTruncation"/> is <see langword="false"/>. The snapshot before shows what came before the fault.
    /// </exception>
    /// <exception cref="StreamLimitException">While enumerating: the text went past a limit.</exception>
    /// <exception cref="OperationCanceledException">While enumerating: <paramref name="cancellationToken"/> was cancelled.</exception>
    public static IAsyncEnumerable<PartialJsonSnapshot> ReadAsync(Stream utf8Json, PartialJsonOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(utf8Json);
        if (!utf8Json.CanRead)
        {
            throw new ArgumentException("The stream cannot be read.", nameof(utf8Json));
        }

        return CallersTokens.Restore(ReadStreamAsync(utf8Json, new PartialJsonDocument(options), cancellationToken), cancellationToken);
    }

    /// <inheritdoc cref="ReadAsync(Stream, PartialJsonOptions?, CancellationToken)"/>
    /// <param name="utf8Json">The text in UTF-8. It is completed when the enumeration ends or is left.</param>
    /// <param name="options">The settings, which are copied; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends reading; the exception carries this token.</param>
    public static IAsyncEnumerable<PartialJsonSnapshot> ReadAsync(PipeReader utf8Json, PartialJsonOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(utf8Json);
        return CallersTokens.Restore(ReadPipeAsync(utf8Json, new PartialJsonDocument(options), cancellationToken), cancellationToken);
    }

    /// <inheritdoc cref="ReadAsync(Stream, PartialJsonOptions?, CancellationToken)"/>
    /// <param name="json">The pieces of the text, cut anywhere, such as those of <c>StreamTextAsync</c>.</param>
    /// <param name="options">The settings, which are copied; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends reading; the exception carries this token.</param>
    public static IAsyncEnumerable<PartialJsonSnapshot> ReadAsync(
        IAsyncEnumerable<string> json, PartialJsonOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(json);
        return CallersTokens.Restore(ReadPiecesAsync(json, new PartialJsonDocument(options), cancellationToken), cancellationToken);
    }

    private static async IAsyncEnumerable<PartialJsonSnapshot> ReadStreamAsync(
        Stream stream, PartialJsonDocument document, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using (stream.ConfigureAwait(false))
        {
            var buffer = new byte[ReadBytes];
            while (await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var count and > 0)
            {
                document.TryAppend(buffer.AsSpan(0, count));
                yield return new PartialJsonSnapshot(document);
                ThrowIfAtFault(document);
            }

            document.Complete();
            yield return new PartialJsonSnapshot(document);
        }
    }

    private static async IAsyncEnumerable<PartialJsonSnapshot> ReadPipeAsync(
        PipeReader pipe, PartialJsonDocument document, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            for (var isCompleted = false; !isCompleted;)
            {
                var result = await pipe.ReadAsync(cancellationToken).ConfigureAwait(false);
                if (result.IsCanceled)
                {
                    throw new OperationCanceledException("The reading of the pipe was cancelled.");
                }

                var isEmpty = result.Buffer.IsEmpty;
                foreach (var segment in result.Buffer)
                {
                    _ = document.Error is null && document.TryAppend(segment.Span);
                }

                pipe.AdvanceTo(result.Buffer.End);
                isCompleted = result.IsCompleted;
                if (!isEmpty)
                {
                    yield return new PartialJsonSnapshot(document);
                    ThrowIfAtFault(document);
                }
            }

            document.Complete();
            yield return new PartialJsonSnapshot(document);
        }
        finally
        {
            await pipe.CompleteAsync().ConfigureAwait(false);
        }
    }

    private static async IAsyncEnumerable<PartialJsonSnapshot> ReadPiecesAsync(
        IAsyncEnumerable<string> pieces, PartialJsonDocument document, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var piece in pieces.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            document.TryAppend(piece);
            yield return new PartialJsonSnapshot(document);
            ThrowIfAtFault(document);
        }

        document.Complete();
        yield return new PartialJsonSnapshot(document);
    }

    private static void ThrowIfAtFault(PartialJsonDocument document)
    {
        if (document.Error is not null)
        {
            throw document.Error;
        }
    }
}
