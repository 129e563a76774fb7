namespace Streamline.Json;

/// <summary>Between tokens: commas, colons, brackets, and what does not belong there.</summary>
internal static class JsonStructureReading
{
    /// <summary>Reads a byte between tokens.</summary>
    public static void Read(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        if (hypothesis.State == PartialJsonReaderState.EndOfText && found is not ((byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r'))
        {
            JsonForks.Skip(all, hypothesis, JsonRepairCost.Extra, PartialJsonRepairKind.TextAfter); // after a number or literal at the root
            return;
        }

        if (found is >= 0x80 or (byte)'/' or (byte)'#' or (byte)'`' or (byte)'\\')
        {
            ForkWord(all, hypothesis, found);
            JsonTriviaReading.Begin(all, hypothesis, found);
            return;
        }

        if (hypothesis.State == PartialJsonReaderState.Value && char.IsAsciiDigit((char)found) && all.Window.TextBefore(all.Offset) is [.., (byte)'.'])
        {
            return; // no comma, but the point of a number
        }

        var read = hypothesis;
        if (read.TryRead(found, all.Offset))
        {
            ReadAccepted(all, hypothesis, read, found);
            ForkWord(all, hypothesis, found);
            return;
        }

        if (found is (byte)'{' or (byte)'[' && hypothesis.Reader.At.IsFull && hypothesis.State is PartialJsonReaderState.Value or PartialJsonReaderState.ElementOrEnd)
        {
            var limit = hypothesis;
            (limit.Mode, limit.Start) = (JsonReadingMode.Limit, all.Offset);
            all.Add(limit);
            return;
        }

        ForkWord(all, hypothesis, found);
        switch (hypothesis.State)
        {
            case PartialJsonReaderState.CommaOrEnd:
                JsonRefusedReading.InsteadOfComma(all, hypothesis, found);
                break;
            case PartialJsonReaderState.Colon:
                JsonRefusedReading.InsteadOfColon(all, hypothesis, found);
                break;
            case PartialJsonReaderState.Name or PartialJsonReaderState.NameOrEnd:
                JsonRefusedReading.InsteadOfName(all, hypothesis, found);
                break;
            default:
                JsonRefusedReading.InsteadOfValue(all, hypothesis, found);
                break;
        }

        if (found != (byte)',')
        {
            JsonForks.ForkSwap(all, hypothesis, found);
        }
    }

    // A number or literal that has not been followed by what ends it may be the beginning of a word: 12 inches, 2,000.
    private static void ForkWord(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        if (!hypothesis.Has(JsonReadingFlags.IsScalarOpen) || hypothesis.State != PartialJsonReaderState.CommaOrEnd || hypothesis.Before == PartialJsonReaderState.Completed)
        {
            return;
        }

        if (char.IsAsciiLetter((char)found) || found is (byte)'%' or (byte)'$' or (byte)'-' or (byte)':' || char.IsAsciiDigit((char)found) || found >= 0x80)
        {
            JsonWordReading.Read(all, BecomeWord(hypothesis, JsonRepairCost.Free), found);
        }
        else if (found == (byte)',' && hypothesis.Reader.IsInObject)
        {
            all.Add(BecomeWord(hypothesis, JsonRepairCost.DigitGroup));
        }
    }

    private static JsonHypothesis BecomeWord(in JsonHypothesis hypothesis, int cost)
    {
        var word = hypothesis;
        word.Reader.Rewind(hypothesis.Reader.BytesConsumed, hypothesis.Before, isName: false);
        word.Mode = JsonReadingMode.Word;
        word.Cost += cost - word.Cursor.TakeBackScalar();
        word.Set(JsonReadingFlags.IsScalarOpen, value: false);
        return word;
    }

    /// <summary>Reads a byte in a number or literal, or after a number.</summary>
    public static void ReadInScalar(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        if ((hypothesis.IsUnwrapped || hypothesis.Cursor.Place is { IsWrapper: true }) && found is (byte)',' or (byte)'}' or (byte)']' or (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
        {
            JsonShapeForks.ConvertScalar(all, hypothesis, found);
            EndScalar(all, hypothesis, found);
            return;
        }

        var scalar = hypothesis;
        if (scalar.TryRead(found, all.Offset))
        {
            if (scalar.State < PartialJsonReaderState.Text)
            {
                JsonShapeForks.ConvertScalar(all, hypothesis, found);
                ReadAccepted(all, hypothesis, scalar, found);
            }
            else
            {
                all.Add(scalar);
            }

            if (found == (byte)',' && hypothesis.Reader.IsInObject && hypothesis.Before != PartialJsonReaderState.Completed)
            {
                all.Add(BecomeWord(hypothesis, JsonRepairCost.DigitGroup));
            }

            return;
        }

        if ((found is not ((byte)'"' or (byte)';') || hypothesis.State == PartialJsonReaderState.Literal) && hypothesis.Before != PartialJsonReaderState.Completed)
        {
            JsonWordReading.Read(all, BecomeWord(hypothesis, JsonRepairCost.Free), found);
        }

        EndScalar(all, hypothesis, found);
    }

    // A whole number, and after it what does not end one.
    private static void EndScalar(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        if ((found == (byte)'.' && hypothesis.State == PartialJsonReaderState.Fraction) // a version
            || hypothesis.State is not (PartialJsonReaderState.Zero or PartialJsonReaderState.Integer or PartialJsonReaderState.Point or PartialJsonReaderState.Fraction or PartialJsonReaderState.ExponentDigits))
        {
            return;
        }

        if (hypothesis.State == PartialJsonReaderState.Point)
        {
            // 600."limit": the point stands for a comma.
            var comma = all.Repaired(hypothesis, JsonEditAction.Write, 1, PartialJsonRepairKind.MissingComma, isGuess: true, JsonRepairCost.ForeignSign, (byte)',', all.Offset - 1);
            comma.Reader.Rewind(hypothesis.Reader.BytesConsumed - 1, PartialJsonReaderState.CommaOrEnd, isName: false);
            if (all.Offset > all.Window.Start && comma.TryWrite(","u8)) // unless the point is decided
            {
                all.Read(comma, found);
            }

            return;
        }

        var end = all.Written(hypothesis, (byte)' ', 0, kind: null, isGuess: false, char.IsAsciiLetterOrDigit((char)found) ? JsonRepairCost.NewlineForComma : JsonRepairCost.Free);
        end.Set(JsonReadingFlags.IsAfterSkip, hypothesis.Has(JsonReadingFlags.IsAfterSkip));
        all.Read(end, found);
    }

    // The grammar accepts the byte. Where it was followed by a fault, it may be wrong all the same.
    private static void ReadAccepted(JsonHypotheses all, in JsonHypothesis before, JsonHypothesis read, byte found)
    {
        if (found is (byte)'}' or (byte)']' && read.Reader.Depth == all.RootDepth)
        {
            JsonForks.AddRead(all, read);
            JsonForks.Skip(all, before, JsonForks.SkipCost(before), PartialJsonRepairKind.ExtraCloser);
            return;
        }

        all.Add(read);
        var isMisfit = read.Cost > before.Cost; // the schema does not want what begins here
        if (isMisfit || (found == (byte)'{' && before.Reader.Depth == all.RootDepth))
        {
            JsonShapeForks.WrapOrUnwrap(all, before, found);
        }

        if (!all.IsBeforeFault && !isMisfit)
        {
            return;
        }

        switch (found)
        {
            case (byte)'}' or (byte)']':
                JsonForks.Skip(all, before, JsonRepairCost.Closer, PartialJsonRepairKind.ExtraCloser);
                break;
            case (byte)',' when before.Reader.Depth > all.RootDepth + 1:
                JsonForks.CloseBefore(all, before, found);
                break;
            case (byte)'{' or (byte)'[' when before.Reader.Depth > all.RootDepth || isMisfit:
                JsonForks.Replace(all, before, found == (byte)'{' ? (byte)'[' : (byte)'{', PartialJsonRepairKind.UnexpectedCharacter, JsonRepairCost.Opener);
                if (found == (byte)'{')
                {
                    break;
                }

                var isRepeated = isMisfit && before.State == PartialJsonReaderState.ElementOrEnd;
                JsonForks.Skip(all, before, isRepeated ? JsonShapeCost.RepeatedOpener : JsonRepairCost.Opener, PartialJsonRepairKind.UnexpectedCharacter);
                break;
        }

        var openerCost = isMisfit ? JsonShapeCost.MissingOpener : JsonRepairCost.Opener;
        if (before.State is PartialJsonReaderState.Value or PartialJsonReaderState.ElementOrEnd && found is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t' or (byte)']'))
        {
            if (found == (byte)'"')
            {
                JsonForks.Insert(all, before, (byte)'{', PartialJsonRepairKind.MissingBrackets, openerCost, found);
            }

            if (found == (byte)'"' || isMisfit)
            {
                JsonForks.ForkSwap(all, before, found);
            }

            if (before.Reader.IsInObject || isMisfit)
            {
                JsonForks.Insert(all, before, (byte)'[', PartialJsonRepairKind.MissingBrackets, openerCost, found);
            }
        }
    }
}
