namespace Streamline.Json;

/// <summary>Between tokens, at a byte that the grammar refuses: what may be meant by it.</summary>
internal static class JsonRefusedReading
{
    public static void InsteadOfComma(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        switch (found)
        {
            case (byte)'}' or (byte)']':
                JsonForks.WrongCloser(all, hypothesis, found);
                break;
            case (byte)';':
                JsonForks.Replace(all, hypothesis, (byte)',', PartialJsonRepairKind.MissingComma, JsonRepairCost.ForeignSign, isGuess: false);
                break;
            case (byte)':':
                JsonForks.Replace(all, hypothesis, (byte)',', PartialJsonRepairKind.MissingComma, JsonRepairCost.Closer);
                JsonForks.Skip(all, hypothesis, JsonRepairCost.Closer);
                break;
            case (byte)'=' or (byte)'>' or (byte)'+' or (byte)'(' or (byte)')' or (byte)'*' or < (byte)' ' or 0x7F:
                JsonForks.Skip(all, hypothesis, JsonRepairCost.Closer);
                break;
            default:
                if (found == (byte)'{' && hypothesis.Reader.IsInObject)
                {
                    JsonForks.CloseBefore(all, hypothesis, found);
                }

                if (found == (byte)'.')
                {
                    JsonForks.Replace(all, hypothesis, (byte)',', PartialJsonRepairKind.MissingComma, JsonRepairCost.ForeignSign);
                }

                SkipQuote(all, hypothesis, found);
                var isNumber = hypothesis.Reader.IsInArray && (char.IsAsciiDigit((char)found) || found == (byte)'-');
                var isNewline = hypothesis.Has(JsonReadingFlags.IsAfterNewline);
                var cost = isNumber && hypothesis.Has(JsonReadingFlags.HasSpacedNumbers) ? JsonRepairCost.Free
                    : isNewline || (found == (byte)'"' && hypothesis.Reader.IsInArray) ? JsonRepairCost.NewlineForComma
                    : found is (byte)'{' or (byte)'[' ? JsonRepairCost.ExtraComma : JsonRepairCost.Missing;
                var next = hypothesis;
                next.Set(JsonReadingFlags.HasSpacedNumbers, isNumber || hypothesis.Has(JsonReadingFlags.HasSpacedNumbers));
                JsonForks.Insert(all, next, (byte)',', PartialJsonRepairKind.MissingComma, cost, found, isGuess: !isNewline || !(found is (byte)'"' or (byte)'{' or (byte)'['));
                break;
        }
    }

    public static void InsteadOfColon(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        switch (found)
        {
            case (byte)'=' or (byte)';':
                JsonForks.Replace(all, hypothesis, (byte)':', PartialJsonRepairKind.MissingColon, JsonRepairCost.ForeignSign, isGuess: found == (byte)';');
                break;
            case (byte)',' or (byte)'}' or (byte)']':
                JsonForks.WriteNull(all, all.Written(hypothesis, (byte)':', 0, PartialJsonRepairKind.MissingColon, isGuess: true, JsonRepairCost.Free), found);
                JsonForks.Replace(all, hypothesis, (byte)':', PartialJsonRepairKind.MissingColon, JsonRepairCost.Opener);
                break;
            case (byte)'>' or (byte)')' or (byte)'+' or < (byte)' ' or 0x7F or (byte)'.':
                JsonForks.Skip(all, hypothesis, JsonRepairCost.Closer);
                break;
            default:
                SkipQuote(all, hypothesis, found);
                JsonForks.Insert(all, hypothesis, (byte)':', PartialJsonRepairKind.MissingColon, JsonRepairCost.Missing, found);
                break;
        }
    }

    private static void SkipQuote(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        if (found == (byte)'"')
        {
            JsonForks.Skip(all, hypothesis, hypothesis.Has(JsonReadingFlags.AreQuotesDoubled) ? JsonRepairCost.Free : JsonRepairCost.Extra);
        }
    }

    public static void InsteadOfName(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        switch (found)
        {
            case (byte)',' or (byte)';':
                JsonForks.Skip(all, hypothesis, JsonRepairCost.ExtraComma, PartialJsonRepairKind.ExtraComma, isGuess: false);
                break;
            case (byte)'}' when hypothesis.State == PartialJsonReaderState.Name:
                JsonForks.RemoveComma(all, hypothesis, found);
                break;
            case (byte)']' when hypothesis.State == PartialJsonReaderState.Name:
                JsonForks.RemoveComma(all, hypothesis, found);
                JsonForks.Skip(all, hypothesis, JsonRepairCost.Closer, PartialJsonRepairKind.ExtraCloser);
                break;
            case (byte)']':
                JsonForks.WrongCloser(all, hypothesis, found);
                break;
            case (byte)':':
                JsonForks.Skip(all, hypothesis, JsonRepairCost.Closer);
                JsonForks.Named(all, hypothesis, found, colon: false);
                break;
            case (byte)'[':
                JsonForks.Named(all, hypothesis, found, colon: true);
                JsonForks.Skip(all, hypothesis, JsonRepairCost.Opener);
                break;
            case (byte)'{':
                JsonForks.Skip(all, hypothesis, JsonForks.SkipCost(hypothesis) + (hypothesis.State == PartialJsonReaderState.Name ? 1 : 0));
                if (hypothesis.State == PartialJsonReaderState.Name)
                {
                    JsonForks.RemoveComma(all, hypothesis, found);
                }

                var named = hypothesis;
                named.Cost += JsonRepairCost.Missing;
                JsonForks.Named(all, named, found, colon: true);
                break;
            case (byte)'\'':
                all.Add(JsonTextReading.Begin(all, hypothesis, JsonQuotes.Single, all.Offset, 1));
                break;
            case (byte)'(' or (byte)')' or (byte)'=' or (byte)'>' or (byte)'+' or (byte)'.' or < (byte)' ' or 0x7F:
                JsonForks.Skip(all, hypothesis, JsonRepairCost.Closer);
                if (found == (byte)'.')
                {
                    all.Add(JsonWordReading.Begin(hypothesis, all.Offset));
                }

                break;
            default:
                all.Add(JsonWordReading.Begin(hypothesis, all.Offset));
                break;
        }
    }

    public static void InsteadOfValue(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        var isMember = hypothesis.Reader.IsInObject;
        switch (found)
        {
            case (byte)',' or (byte)';' when isMember:
                JsonForks.WriteNull(all, hypothesis, found);
                JsonForks.Skip(all, hypothesis, JsonRepairCost.Missing);
                break;
            case (byte)',' or (byte)';':
                JsonForks.Skip(all, hypothesis, JsonRepairCost.ExtraComma, PartialJsonRepairKind.ExtraComma, all.Window.HasJoinedDigitsBefore(all.Offset - 1));
                break;
            case (byte)'}' or (byte)']' when isMember:
                JsonForks.WriteNull(all, hypothesis, found);
                break;
            case (byte)'}' or (byte)']' when hypothesis.State == PartialJsonReaderState.Value && hypothesis.Reader.Depth > 0:
                JsonForks.RemoveComma(all, hypothesis, found);
                break;
            case (byte)'}' or (byte)']':
                JsonForks.WrongCloser(all, hypothesis, found);
                break;
            case (byte)'\'':
                all.Add(JsonTextReading.Begin(all, hypothesis, JsonQuotes.Single, all.Offset, 1));
                break;
            case (byte)':' or (byte)'=' or (byte)'>' or (byte)')' or (byte)'*' or < (byte)' ' or 0x7F:
                JsonForks.Skip(all, hypothesis, found == (byte)'>' ? JsonRepairCost.Free : JsonRepairCost.ForeignSign);
                break;
            default:
                all.Add(JsonWordReading.Begin(hypothesis, all.Offset));
                break;
        }
    }
}
