namespace Streamline.Json;

/// <summary>After the root: whether what follows still belongs to it, so that its closer was one too many.</summary>
internal static class JsonAfterReading
{
    /// <summary>Ends the root.</summary>
    public static JsonHypothesis Begin(JsonHypotheses all, in JsonHypothesis hypothesis, long end)
    {
        var after = all.Repaired(hypothesis, JsonEditAction.EndRoot, 0, kind: null, isGuess: false, JsonRepairCost.Free, offset: end);
        after.Mode = JsonReadingMode.After;
        after.Set(JsonReadingFlags.IsReported | JsonReadingFlags.IsMarked | JsonReadingFlags.HasInner, value: false);
        return after;
    }

    /// <summary>Reads a byte after the root. Signs of JSON speak against its end, prose and further documents for it.</summary>
    public static void Read(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        var after = hypothesis;
        after.Set(JsonReadingFlags.IsWellFormed, hypothesis.IsWellFormed && found is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r');
        if (hypothesis.Has(JsonReadingFlags.IsMarked))
        {
            all.Add(after);
            return;
        }

        var isInQuotes = hypothesis.Has(JsonReadingFlags.IsReported);
        after.Cost += found switch
        {
            (byte)'"' => JsonRepairCost.TrailingComma,
            (byte)':' when !isInQuotes => JsonRepairCost.ForeignSign,
            (byte)',' or (byte)'}' or (byte)']' when !isInQuotes => JsonRepairCost.TrailingComma + 2,
            _ => JsonRepairCost.Free,
        };
        if (hypothesis.Has(JsonReadingFlags.HasInner) && (char.IsAsciiLetterOrDigit((char)found) || found is (byte)')' or (byte)']' or (byte)'}'))
        {
            after.Cost += JsonRepairCost.MissingName;
            after.Set(JsonReadingFlags.HasInner, value: false);
        }

        after.Set(JsonReadingFlags.IsReported, isInQuotes != (found == (byte)'"'));
        after.Set(JsonReadingFlags.IsMarked, !isInQuotes && (char.IsAsciiLetter((char)found) || found is (byte)'{' or (byte)'[' or (byte)'`' or (byte)'<' or >= 0x80));
        all.Add(after);
    }
}
