using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Streamline.Json;

namespace Streamline.Tests.Json;

/// <summary>What must hold for any bytes at all. Every check gives the first violation, or <see langword="null"/>.</summary>
internal static class RepairOracle
{
    /// <summary>How many bytes may be looked at for each byte of the text. Far more than any text needs; a text that needs more is a loop in disguise.</summary>
    public const int MaxWorkPerByte = 16;

    private const int FixedWork = 64 * 1024; // of which a short text may take its share at once
    private const int AnyDepth = 1_000_000;

    private static readonly PartialJsonRepairMode[] RepairingModes = [PartialJsonRepairMode.Safe, PartialJsonRepairMode.Guess];

    public static string? FindViolation(byte[] text, Random random) =>
        FindViolation(text, PartialJsonRepairMode.Safe, random) ?? FindViolation(text, PartialJsonRepairMode.Guess, random)
        ?? FindSplitViolation(text, new PartialJsonOptions { AllowTruncation = false }, random) ?? FindOutputViolation(text) ?? FindStrictViolation(text);

    /// <summary>The same, of the splits in one mode, whichever document is shown.</summary>
    public static string? FindViolation(byte[] text, PartialJsonRepairMode mode, Random random)
    {
        foreach (var documents in Enum.GetValues<PartialJsonDocuments>())
        {
            var options = new PartialJsonOptions { Repair = mode, Documents = documents };
            if (FindSplitViolation(text, options, random) is { } found)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{mode}, {documents}: {found}");
            }
        }

        return null;
    }

    /// <summary>The same, with a schema, which guesses prefer and which has no effect in other modes.</summary>
    public static string? FindViolation(byte[] text, PartialJsonSchema schema, Random random)
    {
        foreach (var documents in Enum.GetValues<PartialJsonDocuments>())
        {
            if (FindSplitViolation(text, new PartialJsonOptions { Repair = PartialJsonRepairMode.Guess, Documents = documents, Schema = schema }, random) is { } found)
            {
                return $"with a schema, {documents}: {found}";
            }
        }

        var safe = new PartialJsonDocument(new PartialJsonOptions { Repair = PartialJsonRepairMode.Safe });
        var safeWithSchema = new PartialJsonDocument(new PartialJsonOptions { Repair = PartialJsonRepairMode.Safe, Schema = schema });
        foreach (var document in (ReadOnlySpan<PartialJsonDocument>)[safe, safeWithSchema])
        {
            document.TryAppend(text);
            document.TryComplete();
        }

        return Describe(safe, PartialJsonRepairMode.Safe) != Describe(safeWithSchema, PartialJsonRepairMode.Safe) ? "the schema has an effect in Safe" : FindOutputViolation(text, schema);
    }

    /// <summary>However the text is cut, the outcome is the same, and nothing that was shown is taken back.</summary>
    public static string? FindSplitViolation(byte[] text, PartialJsonOptions options, Random random)
    {
        var whole = new PartialJsonDocument(options);
        whole.TryAppend(text);
        whole.TryComplete();
        var expected = Describe(whole, options.Repair);
        if (whole.BytesExamined > (text.Length * MaxWorkPerByte) + FixedWork)
        {
            return $"looked at {whole.BytesExamined} bytes";
        }

        // Mostly small pieces, and some that are longer than the blocks that the reader looks at.
        return FeedAndCompare(text, options, expected, () => 1) ?? FeedAndCompare(text, options, expected, () => random.Next(1, 2 << random.Next(7)));
    }

    /// <summary>What the repair of the text gives is one well-formed JSON value.</summary>
    public static string? FindOutputViolation(byte[] text, PartialJsonSchema? schema = null)
    {
        var output = new ArrayBufferWriter<byte>();
        PartialJson.Repair(text, output, PartialJsonRepairMode.Guess, schema);
        try
        {
            using var json = JsonDocument.Parse(output.WrittenMemory, new JsonDocumentOptions { MaxDepth = AnyDepth });
            return null;
        }
        catch (JsonException error)
        {
            return $"not well-formed: {Encoding.UTF8.GetString(output.WrittenSpan)}: {error.Message}";
        }
    }

    /// <summary>A valid text is the same in every mode, byte by byte, and nothing is reported.</summary>
    public static string? FindStrictViolation(byte[] text)
    {
        var strict = new PartialJsonDocument(new PartialJsonOptions { AllowTruncation = false });
        if (!strict.TryAppend(text) || !strict.TryComplete())
        {
            return null;
        }

        foreach (var mode in RepairingModes)
        {
            var document = new PartialJsonDocument(new PartialJsonOptions { Repair = mode });
            document.TryAppend(text);
            document.TryComplete();
            if (document.RepairCount != 0 || !document.IsComplete || !document.WrittenSpan.SequenceEqual(text)
                || JsonDescription.Of(document.RootElement) != JsonDescription.Of(strict.RootElement))
            {
                return $"{mode} differs from strict on valid text: {Describe(document, mode)}";
            }
        }

        return null;
    }

    private static string? FeedAndCompare(byte[] text, PartialJsonOptions options, string expected, Func<int> nextSize)
    {
        var document = new PartialJsonDocument(options);
        var earlier = document.RootElement;
        var rebuilt = new RebuiltDocument();
        for (var offset = 0; offset < text.Length;)
        {
            var size = Math.Min(nextSize(), text.Length - offset);
            document.TryAppend(text.AsSpan(offset, size));
            offset += size;
            if (FindChange(document, rebuilt, ref earlier) is { } change)
            {
                return string.Create(CultureInfo.InvariantCulture, $"after {offset} bytes: {change}");
            }
        }

        document.TryComplete();
        if (FindChange(document, rebuilt, ref earlier) is { } last)
        {
            return $"at the end: {last}";
        }

        var actual = Describe(document, options.Repair);
        return actual == expected ? null : $"in pieces: {actual}; whole: {expected}";
    }

    // Nothing is taken back, and the change notices tell of everything that is new.
    private static string? FindChange(PartialJsonDocument document, RebuiltDocument rebuilt, ref PartialJsonElement earlier)
    {
        var later = document.RootElement;
        var found = MonotonicityChecker.FindViolation(earlier, later);
        if (found is null)
        {
            rebuilt.Apply(later.EnumerateChanges(earlier));
            found = rebuilt.Describe() is var told && told != JsonDescription.Of(later) ? $"change notices gave {told}, not {JsonDescription.Of(later)}" : null;
        }

        earlier = later;
        return found;
    }

    // Behind a fault, a strict document keeps the rest of the append, which depends on how the text was cut.
    private static string Describe(PartialJsonDocument document, PartialJsonRepairMode mode)
    {
        var written = mode == PartialJsonRepairMode.None && document.Error is not null ? "" : Encoding.UTF8.GetString(document.WrittenSpan);
        return $"{JsonDescription.Of(document.RootElement)} {document.IsComplete} {document.Error?.Message} {written} "
            + string.Join(';', document.Repairs.Select(repair => $"{repair.Kind}@{repair.ByteOffset.ToString(CultureInfo.InvariantCulture)}"));
    }
}
