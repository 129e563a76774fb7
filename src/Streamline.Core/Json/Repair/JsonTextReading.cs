namespace Streamline.Json;

/// <summary>In strings: which quote ends one, and what JSON does not allow inside.</summary>
internal static class JsonTextReading
{
    /// <summary>Reads a byte in a string.</summary>
    public static void Read(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        if (hypothesis.Has(JsonReadingFlags.MayConvert) && all.Offset - hypothesis.Start > JsonShapeConverter.MaxLength)
        {
            var text = hypothesis;
            text.Set(JsonReadingFlags.MayConvert, value: false);
            Read(all, text, found);
            return;
        }

        if (hypothesis.State != PartialJsonReaderState.Text)
        {
            ReadInCharacter(all, hypothesis, found);
            return;
        }

        if (found == (byte)'\\' && hypothesis.Has(JsonReadingFlags.IsUnescaping))
        {
            var escape = hypothesis;
            (escape.Mode, escape.Start) = (JsonReadingMode.Backslash, all.Offset);
            all.Add(escape);
            return;
        }

        if (hypothesis.Quotes is JsonQuotes.TripleDouble or JsonQuotes.TripleSingle)
        {
            ReadInTripleQuotes(all, hypothesis, found);
        }
        else if (hypothesis.Quotes == JsonQuotes.None)
        {
            ReadWithoutQuotes(all, hypothesis, found);
        }
        else if (IsEnd(hypothesis.Quotes, found))
        {
            ReadQuote(all, hypothesis, found, length: 1);
        }
        else if (found is 0xC2 or 0xE2 && hypothesis.Quotes is JsonQuotes.SingleTypographic or JsonQuotes.DoubleTypographic)
        {
            var character = hypothesis;
            (character.Mode, character.Start) = (JsonReadingMode.Character, all.Offset);
            all.Add(character);
        }
        else
        {
            if (found == (byte)'"')
            {
                // In another kind of quotes: the end after all, or text.
                var other = End(all, hypothesis, all.Offset, 1);
                other.Cost += JsonRepairCost.OtherQuote;
                all.Add(other);
            }

            ReadPlain(all, hypothesis, found);
            ForkMissingQuote(all, hypothesis, found);
        }
    }

    /// <summary>Reads the last byte of a quote that may end the string.</summary>
    public static void ReadQuote(JsonHypotheses all, in JsonHypothesis hypothesis, byte found, int length)
    {
        var start = all.Offset - (length - 1);
        var end = End(all, hypothesis, start, length);
        all.Add(end);
        JsonShapeForks.ConvertText(all, hypothesis);
        if (all.Window.IsProbe && hypothesis.Has(JsonReadingFlags.MayConvert) && end.Cost == hypothesis.Cost)
        {
            return; // the grammar has nothing against it
        }

        var isDouble = found == (byte)'"';
        var cost = hypothesis.Has(JsonReadingFlags.HasInner | JsonReadingFlags.HasQuotedText) ? JsonRepairCost.NextInnerQuote : JsonRepairCost.InnerQuote;
        cost += hypothesis.Reader.IsName ? JsonRepairCost.QuoteInName : 0;
        var inner = all.Repaired(hypothesis, isDouble ? JsonEditAction.Escape : JsonEditAction.Skip, isDouble ? 1 : 0, PartialJsonRepairKind.UnescapedQuote, isGuess: true, cost, offset: start);
        inner.TryWrite(isDouble ? "\\\""u8 : all.HeldFrom(start)[..length]);
        inner.Set(JsonReadingFlags.IsInnerOpen, !hypothesis.Has(JsonReadingFlags.IsInnerOpen));
        inner.Set(JsonReadingFlags.HasInner);
        inner.Set(JsonReadingFlags.IsTextEmpty, value: false);
        all.Add(inner);
        if (hypothesis.Has(JsonReadingFlags.IsTextEmpty) && length == 1)
        {
            ForkDoubledQuote(all, hypothesis, found);
        }
    }

    /// <summary>Begins a string in other quotes.</summary>
    public static JsonHypothesis Begin(JsonHypotheses all, in JsonHypothesis hypothesis, JsonQuotes quotes, long start, int length)
    {
        var text = all.Written(hypothesis, (byte)'"', length, PartialJsonRepairKind.ForeignQuotes, isGuess: false, hypothesis.Has(JsonReadingFlags.HasForeignQuotes) ? JsonRepairCost.Free : JsonRepairCost.ForeignToken, start);
        (text.Quotes, text.Start) = (quotes, start);
        text.Set(JsonReadingFlags.IsTextEmpty | JsonReadingFlags.HasForeignQuotes);
        text.Set(JsonReadingFlags.Text, value: false);
        return text;
    }

    /// <summary>Ends the string at a quote.</summary>
    public static JsonHypothesis End(JsonHypotheses all, in JsonHypothesis hypothesis, long start, int length)
    {
        var isOpen = hypothesis.Has(JsonReadingFlags.IsInnerOpen);
        var end = hypothesis;
        if (hypothesis.Has(JsonReadingFlags.IsAfterControl) && !hypothesis.Has(JsonReadingFlags.HasControl))
        {
            // A newline that is only before the end quote: either may have been meant to come first.
            end = all.Repaired(end, JsonEditAction.Skip, 0, PartialJsonRepairKind.ControlCharacter, isGuess: true, JsonRepairCost.Free, offset: start);
        }

        if (hypothesis.Quotes != JsonQuotes.Double || length > 1)
        {
            var isOther = length == 1 && !(hypothesis.Quotes is JsonQuotes.Single or JsonQuotes.SingleTypographic && all.HeldFrom(start)[0] is (byte)'\'' or (byte)'`');
            end = all.Repaired(end, JsonEditAction.Write, length, isOther ? PartialJsonRepairKind.ForeignQuotes : null, isOther, JsonRepairCost.Free, (byte)'"', start);
        }

        end.Cost += isOpen ? JsonRepairCost.OpenInnerQuote : 0;
        end.Set(JsonReadingFlags.HasQuotedText, hypothesis.Has(JsonReadingFlags.HasInner | JsonReadingFlags.HasQuotedText));
        if (start > all.Window.Start && !hypothesis.Has(JsonReadingFlags.IsTextEmpty))
        {
            end.Cost += all.HeldFrom(start - 1)[0] switch
            {
                (byte)',' => JsonRepairCost.CommaAtEnd,
                (byte)':' => JsonRepairCost.SignAtEdge,
                _ => JsonRepairCost.Free,
            };
        }

        end.TryWrite("\""u8);
        end.EndText();
        if (end.Reader.Depth > all.RootDepth)
        {
            return end;
        }

        var after = JsonAfterReading.Begin(all, end, start + length);
        after.Set(JsonReadingFlags.HasInner); // prose after a string speaks against its end
        return after;
    }

    // Whether a quote of one byte ends a string.
    private static bool IsEnd(JsonQuotes quotes, byte found) => quotes switch
    {
        JsonQuotes.Double or JsonQuotes.DoubleTypographic => found == (byte)'"',
        JsonQuotes.Single => found == (byte)'\'',
        JsonQuotes.SingleTypographic => found is (byte)'\'' or (byte)'`',
        _ => false,
    };

    private static void ReadPlain(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        var text = hypothesis;
        if (found != (byte)'"' && text.TryRead(found, all.Offset))
        {
            text.Cost += SignCost(hypothesis, found);
            if (hypothesis.Has(JsonReadingFlags.IsAfterControl))
            {
                text.Set(JsonReadingFlags.HasControl);
                text.Set(JsonReadingFlags.IsAfterControl, value: false);
            }

            all.Add(text);
            return;
        }

        text.Set(JsonReadingFlags.IsTextEmpty, value: false);
        if (found == (byte)'"')
        {
            var cost = hypothesis.Quotes == JsonQuotes.Single ? JsonRepairCost.QuoteInOtherQuotes : JsonRepairCost.Free;
            text = all.Repaired(text, JsonEditAction.Escape, 1, kind: null, isGuess: false, cost);
        }
        else if (found < (byte)' ')
        {
            text = all.Repaired(text, JsonEditAction.Escape, 1, PartialJsonRepairKind.ControlCharacter, isGuess: false, JsonRepairCost.ControlCharacter);
            text.Set(JsonReadingFlags.HasControl, text.Has(JsonReadingFlags.HasControl | JsonReadingFlags.IsAfterControl));
            text.Set(JsonReadingFlags.IsAfterControl);
        }
        else
        {
            text = all.Repaired(text, JsonEditAction.WriteReplacement, 1, PartialJsonRepairKind.InvalidUtf8, isGuess: false, JsonRepairCost.Free);
        }

        all.Add(text);
    }

    // Signs of JSON are rather around a string than in a name, or at the beginning of a value.
    private static int SignCost(in JsonHypothesis hypothesis, byte found)
    {
        if (hypothesis.Reader.IsName)
        {
            return char.IsAsciiLetterOrDigit((char)found) || found is (byte)'_' or (byte)'-' or (byte)' ' or (byte)'.' or (byte)'$' or (byte)'/' or (byte)'\\' or >= 0x80
                ? JsonRepairCost.Free : JsonRepairCost.SignInName;
        }

        return hypothesis.Has(JsonReadingFlags.IsTextEmpty) && found is (byte)',' or (byte)':' or (byte)'[' or (byte)'{'
            ? JsonRepairCost.SignAtEdge : JsonRepairCost.Free;
    }

    // In an escape, or in a character longer than a byte.
    private static void ReadInCharacter(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        var text = hypothesis;
        if (hypothesis.State == PartialJsonReaderState.Escape && found == (byte)'\\' && hypothesis.Has(JsonReadingFlags.IsUnescaping))
        {
            (text.Mode, text.Start) = (JsonReadingMode.Backslash, all.Offset);
            all.Add(text);
            return;
        }

        if (text.TryRead(found, all.Offset))
        {
            all.Add(text);
            return;
        }

        var reader = hypothesis.Reader;
        if (hypothesis.State == PartialJsonReaderState.MultiByte)
        {
            var length = ContinuationLength(all, hypothesis);
            text = all.Repaired(hypothesis, JsonEditAction.WriteReplacement, length, PartialJsonRepairKind.InvalidUtf8, isGuess: false, JsonRepairCost.Free, offset: all.Offset - length);
        }
        else
        {
            var length = hypothesis.Reader.EscapeBytes;
            if (length == 1 && found is (byte)'\'' or (byte)'`' or (byte)'\n' or (byte)'\r')
            {
                // The character was meant.
                text = all.Repaired(hypothesis, JsonEditAction.Skip, 1, PartialJsonRepairKind.InvalidEscape, isGuess: found < (byte)' ', JsonRepairCost.ControlCharacter, offset: all.Offset - 1);
                text.Reader.Rewind(reader.BytesConsumed, PartialJsonReaderState.Text, reader.IsName);
                all.Add(found < (byte)' ' ? all.Repaired(text, JsonEditAction.Escape, 1, kind: null, isGuess: false, JsonRepairCost.Free) : text);
                return;
            }

            text = all.Repaired(
                hypothesis, JsonEditAction.WriteJson, 1, PartialJsonRepairKind.InvalidEscape, isGuess: true, JsonRepairCost.ControlCharacter, offset: all.Offset - length, json: JsonEdit.Backslash);
        }

        text.Reader.Rewind(reader.BytesConsumed, PartialJsonReaderState.Text, reader.IsName);
        Read(all, text, found);
    }

    private static int ContinuationLength(JsonHypotheses all, in JsonHypothesis hypothesis)
    {
        var held = all.Window.Bytes[..^1];
        var length = 1;
        while (length < 3 && (held[^length] & 0xC0) == 0x80)
        {
            length++;
        }

        return Math.Min(length, hypothesis.Reader.UndecidedBytes);
    }

    private static void ReadInTripleQuotes(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        if (found == (hypothesis.Quotes == JsonQuotes.TripleDouble ? (byte)'"' : (byte)'\''))
        {
            var run = hypothesis;
            (run.Mode, run.Byte, run.Start) = (JsonReadingMode.QuoteRun, 1, all.Offset);
            all.Add(run);
        }
        else
        {
            ReadPlain(all, hypothesis, found);
        }
    }

    // A word that is so long that it is text: up to what ends a value.
    private static void ReadWithoutQuotes(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        if (found is not ((byte)',' or (byte)'}' or (byte)']' or (byte)'\n' or (byte)'\r'))
        {
            ReadPlain(all, hypothesis, found);
            return;
        }

        var end = all.Written(hypothesis, (byte)'"', 0, kind: null, isGuess: false, JsonRepairCost.Free);
        end.EndText();
        all.Read(end, found);
    }

    // The end quote is missing before a comma, a closer, a colon or a newline, or it comes after it.
    private static void ForkMissingQuote(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        if (found == (byte)'\'' && hypothesis.Quotes == JsonQuotes.Double)
        {
            var other = all.Written(hypothesis, (byte)'"', 1, PartialJsonRepairKind.ForeignQuotes, isGuess: true, JsonRepairCost.OtherQuote);
            other.EndText();
            all.Add(other);
        }

        if (found is not ((byte)',' or (byte)'}' or (byte)']' or (byte)'\n' or (byte)':'))
        {
            return;
        }

        if (hypothesis.Reader.IsName == (found == (byte)':'))
        {
            var end = all.Written(hypothesis, (byte)'"', 0, PartialJsonRepairKind.MissingQuote, isGuess: true, JsonRepairCost.MissingQuoteBefore);
            end.EndText();
            all.Read(end, found);
        }

        if (hypothesis.Quotes == JsonQuotes.Double && found != (byte)'\n' && (all.IsBeforeFault || hypothesis.Has(JsonReadingFlags.MayConvert)))
        {
            JsonForks.ForkSwap(all, hypothesis, found);
        }
    }

    // Right after the quote that begins the string: it is doubled, or the second of three.
    private static void ForkDoubledQuote(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        var isDoubled = hypothesis.Has(JsonReadingFlags.AreQuotesDoubled);
        var doubled = all.Repaired(hypothesis, JsonEditAction.Skip, 1, PartialJsonRepairKind.EscapedDocument, isGuess: true, isDoubled ? JsonRepairCost.Free : JsonRepairCost.Extra);
        doubled.Set(JsonReadingFlags.IsTextEmpty, value: false);
        doubled.Set(JsonReadingFlags.AreQuotesDoubled);
        all.Add(doubled);

        if (hypothesis.Quotes is JsonQuotes.Double or JsonQuotes.Single && !hypothesis.Reader.IsName)
        {
            var run = hypothesis;
            (run.Mode, run.Start) = (JsonReadingMode.QuoteRun, all.Offset);
            run.Quotes = found == (byte)'"' ? JsonQuotes.TripleDouble : JsonQuotes.TripleSingle;
            run.Cost += JsonRepairCost.ForeignToken;
            all.Add(run);
        }
    }
}
