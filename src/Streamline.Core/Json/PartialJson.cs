using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;

namespace Streamline.Json;

/// <summary>Reads and repairs JSON texts that may be cut short, malformed, or surrounded by prose.</summary>
/// <remarks>All members are safe for use by several threads. For text that is still arriving, use <see cref="PartialJsonDocument"/>, which does the same work as it grows.</remarks>
[SuppressMessage("ApiDesign", "RS0026:Do not add multiple public overloads with optional parameters", Justification = "The overloads differ in a required parameter, so a call is never ambiguous.")]
public static class PartialJson
{
    private const int ReadBytes = 4096;

    /// <summary>Reads a text that may be cut short.</summary>
    /// <param name="json">The text, of at most <see cref="PartialJsonOptions.MaxBytes"/> bytes in UTF-8.</param>
    /// <param name="options">The settings; <see langword="null"/> for the defaults, with which text may be cut short and nothing is repaired.</param>
    /// <returns>The root value; incomplete where the text was cut short, and of kind <see cref="System.Text.Json.JsonValueKind.Undefined"/> when there is none.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is <see langword="null"/>.</exception>
    /// <exception cref="StreamProtocolException">The text is malformed and not repaired, or cut short where that is not allowed.</exception>
    /// <exception cref="StreamLimitException">The text is longer, or nested more deeply, than the options allow.</exception>
    public static PartialJsonElement Parse(string json, PartialJsonOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        var document = ReadWhole(default, json, options);
        return document.Error is null ? document.RootElement : throw document.Error;
    }

    /// <summary>Reads a text that may be cut short.</summary>
    /// <param name="utf8Json">The text in UTF-8, of at most <see cref="PartialJsonOptions.MaxBytes"/> bytes. It is copied.</param>
    /// <param name="options">The settings; <see langword="null"/> for the defaults, with which text may be cut short and nothing is repaired.</param>
    /// <returns>The root value; incomplete where the text was cut short, and of kind <see cref="System.Text.Json.JsonValueKind.Undefined"/> when there is none.</returns>
    /// <inheritdoc cref="Parse(string, PartialJsonOptions?)"/>
    public static PartialJsonElement Parse(ReadOnlySpan<byte> utf8Json, PartialJsonOptions? options = null)
    {
        var document = ReadWhole(utf8Json, default, options);
        return document.Error is null ? document.RootElement : throw document.Error;
    }

    /// <summary>Repairs a text so that it is well-formed JSON. Well-formed JSON is not changed.</summary>
    /// <param name="json">The text.</param>
    /// <param name="mode">What is repaired. Text that is cut short is closed in every mode.</param>
    /// <param name="schema">What the text is expected to hold: see <see cref="PartialJsonOptions.Schema"/>. <see langword="null"/> for anything.</param>
    /// <returns>
    /// One JSON value: <c>null</c> when the text holds none, and an array when it holds several documents. There is no limit of length or depth but that of memory.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="mode"/> is not one of the modes.</exception>
    /// <exception cref="StreamProtocolException">
    /// The text is malformed, in <see cref="PartialJsonRepairMode.Safe"/> beyond what has one reading. Never in <see cref="PartialJsonRepairMode.Guess"/>.
    /// </exception>
    /// <exception cref="StreamLimitException">The text is longer than 128 MiB.</exception>
    public static string Repair(string json, PartialJsonRepairMode mode = PartialJsonRepairMode.Guess, PartialJsonSchema? schema = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        var document = ReadDocuments(default, json, mode, schema);
        var buffer = new ArrayBufferWriter<byte>(document.BytesReceived + 1);
        document.WriteWhole(buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Repairs a text so that it is well-formed JSON. Well-formed JSON is not changed.</summary>
    /// <param name="utf8Json">The text in UTF-8.</param>
    /// <param name="destination">Where one JSON value is written to: <c>null</c> when the text holds none, and an array when it holds several documents.</param>
    /// <param name="mode">What is repaired. Text that is cut short is closed in every mode.</param>
    /// <param name="schema">What the text is expected to hold: see <see cref="PartialJsonOptions.Schema"/>. <see langword="null"/> for anything.</param>
    /// <returns>What was repaired, at most 1,000 of it. That the text was cut short is not a repair.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="destination"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="mode"/> is not one of the modes.</exception>
    /// <exception cref="StreamProtocolException">
    /// The text is malformed, in <see cref="PartialJsonRepairMode.Safe"/> beyond what has one reading. Never in <see cref="PartialJsonRepairMode.Guess"/>. Nothing has been written then.
    /// </exception>
    /// <exception cref="StreamLimitException">The text is longer than 128 MiB.</exception>
    public static IReadOnlyList<PartialJsonRepair> Repair(
        ReadOnlySpan<byte> utf8Json, IBufferWriter<byte> destination, PartialJsonRepairMode mode = PartialJsonRepairMode.Guess, PartialJsonSchema? schema = null)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var document = ReadDocuments(utf8Json, default, mode, schema);
        document.WriteWhole(destination);
        return document.Repairs;
    }

    /// <summary>Reads a document while it arrives, as a stream of snapshots.</summary>
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

    // The only document of a text, or an array of all of them. One of the two texts is empty.
    private static PartialJsonDocument ReadDocuments(ReadOnlySpan<byte> utf8Json, ReadOnlySpan<char> json, PartialJsonRepairMode mode, PartialJsonSchema? schema)
    {
        var document = Read(utf8Json, json, mode, schema, PartialJsonDocuments.First);
        if (document.HasFurtherDocuments && Read(utf8Json, json, mode, schema, PartialJsonDocuments.All) is var all && (all.Error is not null || all.RootElement.GetArrayLength() > 1))
        {
            document = all;
        }

        return document.Error is null ? document : throw document.Error;
    }

    private static PartialJsonDocument Read(ReadOnlySpan<byte> utf8Json, ReadOnlySpan<char> json, PartialJsonRepairMode mode, PartialJsonSchema? schema, PartialJsonDocuments documents) =>
        ReadWhole(utf8Json, json, new PartialJsonOptions { Repair = mode, Schema = schema, Documents = documents, MaxBytes = JsonRow.MaxTextBytes, MaxDepth = int.MaxValue });

    // One of the two texts is empty. A well-formed text is read as it is: only of one that is not may the repairer read again what it has accepted.
    private static PartialJsonDocument ReadWhole(ReadOnlySpan<byte> utf8Json, ReadOnlySpan<char> json, PartialJsonOptions? options)
    {
        var isWellFormed = false;
        if (options is { Repair: not PartialJsonRepairMode.None })
        {
            var strictOptions = options.Copy();
            strictOptions.Repair = PartialJsonRepairMode.None;
            var strict = Fill(new PartialJsonDocument(strictOptions), utf8Json, json);
            isWellFormed = strict.IsComplete;
            if (isWellFormed && options.Schema is null && options.Documents != PartialJsonDocuments.All)
            {
                return strict;
            }
        }

        return Fill(new PartialJsonDocument(options, isWhole: !isWellFormed), utf8Json, json);
    }

    private static PartialJsonDocument Fill(PartialJsonDocument document, ReadOnlySpan<byte> utf8Json, ReadOnlySpan<char> json)
    {
        _ = document.TryAppend(utf8Json) && document.TryAppend(json) && document.TryComplete();
        return document;
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
