namespace Streamline.Json;

/// <summary>Strings in three quotes, as in Python: where they begin and end.</summary>
internal static class JsonTripleQuoteReading
{
    /// <summary>After two quotes, or in a string in three: what comes after a quote.</summary>
    public static void Read(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        const int TripleQuote = 3;
        var quote = hypothesis.Quotes == JsonQuotes.TripleDouble ? (byte)'"' : (byte)'\'';
        var next = hypothesis;
        if (hypothesis.Has(JsonReadingFlags.IsTextEmpty))
        {
            // The third of those that begin the string.
            if (found == quote)
            {
                next = all.Repaired(hypothesis, JsonEditAction.Skip, 2, PartialJsonRepairKind.ForeignQuotes, isGuess: false, JsonRepairCost.Free, offset: hypothesis.Start);
                next.Set(JsonReadingFlags.IsTextEmpty, value: false);
                all.Add(next);
            }

            return;
        }

        if (found == quote)
        {
            // Of more than three, the last three are the end.
            var isMore = hypothesis.Byte == TripleQuote;
            next = isMore && quote == (byte)'"' ? all.Repaired(next, JsonEditAction.Escape, 1, kind: null, isGuess: false, JsonRepairCost.Free, offset: hypothesis.Start) : next;
            (next.Mode, next.Start, next.Byte) = (JsonReadingMode.QuoteRun, hypothesis.Start + (isMore ? 1 : 0), (byte)(hypothesis.Byte + (isMore ? 0 : 1)));
            all.Add(next);
            return;
        }

        if (hypothesis.Byte < TripleQuote)
        {
            for (var count = 0; count < hypothesis.Byte && quote == (byte)'"'; count++)
            {
                next = all.Repaired(next, JsonEditAction.Escape, 1, kind: null, isGuess: false, JsonRepairCost.Free, offset: hypothesis.Start + count);
            }

            (next.Mode, next.Byte) = (JsonReadingMode.Grammar, 0);
            all.Read(next, found);
            return;
        }

        next = all.Written(next, (byte)'"', TripleQuote, kind: null, isGuess: false, JsonRepairCost.Free, hypothesis.Start);
        next.Quotes = JsonQuotes.Double;
        all.Read(next.Reader.Depth == all.RootDepth ? JsonAfterReading.Begin(all, next, hypothesis.Start + TripleQuote) : next, found);
    }
}
