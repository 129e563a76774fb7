using System.Buffers;
using System.Text;

namespace Streamline.Json;

/// <summary>Reads and repairs JSON that is here as far as it will ever be: cut short, malformed, or in the midst of prose.</summary>
/// <remarks>All members are safe for use by several threads. For text that is still arriving, use <see cref="PartialJsonDocument"/>, which does the same work as it grows.</remarks>
public static partial class PartialJson
{
    /// <summary>Reads a text as far as it goes.</summary>
    /// <param name="json">The text, of at most <see cref="PartialJsonOptions.DefaultMaxBytes"/> bytes in UTF-8.</param>
    /// <param name="mode">How much is forgiven.</param>
    /// <returns>The root value; incomplete where the text was cut short, and of kind <see cref="System.Text.Json.JsonValueKind.Undefined"/> when there is none.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="mode"/> is not one of the modes.</exception>
    /// <exception cref="StreamProtocolException">
    /// The text is malformed, in <see cref="PartialJsonMode.Safe"/> beyond what has one reading; or it is cut short in <see cref="PartialJsonMode.Strict"/>.
    /// Never in <see cref="PartialJsonMode.Aggressive"/>.
    /// </exception>
    /// <exception cref="StreamLimitException">The text is longer, or nested more deeply, than the defaults of <see cref="PartialJsonOptions"/> allow.</exception>
    public static PartialJsonElement Parse(string json, PartialJsonMode mode = PartialJsonMode.Truncation)
    {
        ArgumentNullException.ThrowIfNull(json);
        var document = new PartialJsonDocument(new PartialJsonOptions { Mode = mode });
        document.Append(json);
        document.Complete();
        return document.RootElement;
    }

    /// <summary>Reads a text as far as it goes.</summary>
    /// <param name="utf8Json">The text in UTF-8, of at most <see cref="PartialJsonOptions.DefaultMaxBytes"/> bytes. It is copied.</param>
    /// <param name="mode">How much is forgiven.</param>
    /// <returns>The root value; incomplete where the text was cut short, and of kind <see cref="System.Text.Json.JsonValueKind.Undefined"/> when there is none.</returns>
    /// <inheritdoc cref="Parse(string, PartialJsonMode)"/>
    public static PartialJsonElement Parse(ReadOnlySpan<byte> utf8Json, PartialJsonMode mode = PartialJsonMode.Truncation)
    {
        var document = new PartialJsonDocument(new PartialJsonOptions { Mode = mode });
        document.Append(utf8Json);
        document.Complete();
        return document.RootElement;
    }

    /// <summary>Makes well-formed JSON of a text. Well-formed JSON stays as it is, byte by byte.</summary>
    /// <param name="json">The text.</param>
    /// <param name="mode">How much is forgiven. Text that is cut short is closed in every mode but <see cref="PartialJsonMode.Strict"/>.</param>
    /// <returns>
    /// One JSON value: <c>null</c> when the text holds none, and an array when it holds several documents. There is no limit of length or depth but that of memory.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="mode"/> is not one of the modes.</exception>
    /// <exception cref="StreamProtocolException">
    /// The text is malformed, in <see cref="PartialJsonMode.Safe"/> beyond what has one reading; or it is cut short in <see cref="PartialJsonMode.Strict"/>.
    /// Never in <see cref="PartialJsonMode.Aggressive"/>.
    /// </exception>
    /// <exception cref="StreamLimitException">The text is longer than 128 MiB.</exception>
    public static string Repair(string json, PartialJsonMode mode = PartialJsonMode.Aggressive)
    {
        ArgumentNullException.ThrowIfNull(json);
        var document = Read(json, mode, PartialJsonDocuments.First);
        if (document.HasFurtherDocuments && Read(json, mode, PartialJsonDocuments.All) is var all && all.RootElement.GetArrayLength() > 1)
        {
            document = all;
        }

        var buffer = new ArrayBufferWriter<byte>(document.WrittenSpan.Length + 1);
        document.WriteWhole(buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Makes well-formed JSON of a text. Well-formed JSON stays as it is, byte by byte.</summary>
    /// <param name="utf8Json">The text in UTF-8.</param>
    /// <param name="destination">Where one JSON value is written to: <c>null</c> when the text holds none, and an array when it holds several documents.</param>
    /// <param name="mode">How much is forgiven. Text that is cut short is closed in every mode but <see cref="PartialJsonMode.Strict"/>.</param>
    /// <returns>What was repaired, at most <see cref="PartialJsonOptions.DefaultMaxRepairs"/> of it. That the text was cut short is not a repair.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="destination"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="mode"/> is not one of the modes.</exception>
    /// <exception cref="StreamProtocolException">
    /// The text is malformed, in <see cref="PartialJsonMode.Safe"/> beyond what has one reading; or it is cut short in <see cref="PartialJsonMode.Strict"/>.
    /// Never in <see cref="PartialJsonMode.Aggressive"/>. Nothing has been written then.
    /// </exception>
    /// <exception cref="StreamLimitException">The text is longer than 128 MiB.</exception>
    public static IReadOnlyList<PartialJsonRepair> Repair(
        ReadOnlySpan<byte> utf8Json, IBufferWriter<byte> destination, PartialJsonMode mode = PartialJsonMode.Aggressive)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var document = Read(utf8Json, mode, PartialJsonDocuments.First);
        if (document.HasFurtherDocuments && Read(utf8Json, mode, PartialJsonDocuments.All) is var all && all.RootElement.GetArrayLength() > 1)
        {
            document = all;
        }

        document.WriteWhole(destination);
        return document.Repairs;
    }

    private static PartialJsonDocument Read(ReadOnlySpan<byte> utf8Json, PartialJsonMode mode, PartialJsonDocuments documents)
    {
        var document = new PartialJsonDocument(Unlimited(mode, documents));
        document.Append(utf8Json);
        document.Complete();
        return document;
    }

    private static PartialJsonDocument Read(string json, PartialJsonMode mode, PartialJsonDocuments documents)
    {
        var document = new PartialJsonDocument(Unlimited(mode, documents));
        document.Append(json);
        document.Complete();
        return document;
    }

    private static PartialJsonOptions Unlimited(PartialJsonMode mode, PartialJsonDocuments documents) =>
        new() { Mode = mode, Documents = documents, MaxBytes = JsonRow.MaxTextBytes, MaxDepth = int.MaxValue };
}
