namespace Streamline.Json;

/// <summary>Between tokens: commas, colons, brackets, and what does not belong there.</summary>
internal static class JsonStructureReading
{
    /// <summary>Reads a byte between tokens, or in a number or literal.</summary>
    public static void Read(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        if (hypothesis.State >= PartialJsonReaderState.Minus)
        {
            ReadInScalar(all, hypothesis, found);
            return;
        }

        if (found >= 0x80 || IsTrivia(found))
        {
            ForkWord(all, hypothesis, found);
            JsonTriviaReading.Begin(all, hypothesis, found);
            return;
        }

        var read = hypothesis;
        if (read.TryRead(found, all.Offset))
        {
            ReadAccepted(all, hypothesis, read, found);
            ForkWord(all, hypothesis, found);
            return;
        }

        if (found is (byte)'{' or (byte)'[' && hypothesis.Reader.IsFull && hypothesis.State is PartialJsonReaderState.Value or PartialJsonReaderState.ElementOrEnd)
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
                InsteadOfComma(all, hypothesis, found);
                break;
            case PartialJsonReaderState.Colon:
                InsteadOfColon(all, hypothesis, found);
                break;
            case PartialJsonReaderState.Name or PartialJsonReaderState.NameOrEnd:
                InsteadOfName(all, hypothesis, found);
                break;
            case PartialJsonReaderState.EndOfText:
                all.Add(Skip(all, hypothesis, JsonRepairCost.Extra, PartialJsonRepairKind.TextAfter));
                break;
            default:
                InsteadOfValue(all, hypothesis, found);
                break;
        }

        ForkSwap(all, hypothesis, found);
    }

    private static bool IsTrivia(byte found) => found is (byte)'/' or (byte)'#' or (byte)'`' or (byte)'\\';

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
        word.Cost += cost;
        word.Set(JsonReadingFlags.IsScalarOpen, value: false);
        return word;
    }

    private static void ReadInScalar(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        var scalar = hypothesis;
        if (scalar.TryRead(found, all.Offset))
        {
            if (scalar.State < PartialJsonReaderState.Text)
            {
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

            if (found == (byte)'.' && all.IsBeforeFault)
            {
                EndScalar(all, hypothesis, found);
            }

            return;
        }

        if ((found is not ((byte)'"' or (byte)';') || hypothesis.State == PartialJsonReaderState.Literal) && hypothesis.Before != PartialJsonReaderState.Completed)
        {
            JsonWordReading.Read(all, BecomeWord(hypothesis, JsonRepairCost.Free), found);
        }

        EndScalar(all, hypothesis, found);
    }

    // A whole number, and behind it what does not end one.
    private static void EndScalar(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        var isPoint = hypothesis.State == PartialJsonReaderState.Point;
        if (hypothesis.State is not (PartialJsonReaderState.Zero or PartialJsonReaderState.Integer or PartialJsonReaderState.Fraction or PartialJsonReaderState.ExponentDigits) && !isPoint)
        {
            return;
        }

        if (isPoint)
        {
            // 600."limit": the point stands for a comma.
            var comma = all.Repaired(
                hypothesis, JsonEditAction.Write, 1, PartialJsonRepairKind.MissingComma, isGuess: true, JsonRepairCost.ForeignSign, (byte)',', all.Offset - 1);
            comma.Reader.Rewind(hypothesis.Reader.BytesConsumed - 1, PartialJsonReaderState.CommaOrEnd, isName: false);
            if (comma.TryWrite(","u8))
            {
                comma.Set(JsonReadingFlags.IsScalarOpen, value: false);
                all.Read(comma, found);
            }

            return;
        }

        var end = all.Repaired(hypothesis, JsonEditAction.Write, 0, kind: null, isGuess: false, JsonRepairCost.Free, (byte)' ');
        if (end.TryWrite(" "u8))
        {
            end.Cost += char.IsAsciiLetterOrDigit((char)found) ? JsonRepairCost.NewlineForComma : 0;
            end.Set(JsonReadingFlags.IsScalarOpen, value: false);
            all.Read(end, found);
        }
    }

    // The grammar accepts the byte. Where it was followed by a fault, it may be wrong all the same.
    private static void ReadAccepted(JsonHypotheses all, in JsonHypothesis before, JsonHypothesis read, byte found)
    {
        var isCloser = found is (byte)'}' or (byte)']';
        if (isCloser && IsAtRoot(all, read))
        {
            all.Add(JsonAfterReading.Begin(all, read, all.Offset + 1));
            all.Add(Skip(all, before, SkipCost(before), PartialJsonRepairKind.ExtraCloser));
            return;
        }

        read.Cost += found == (byte)',' && before.Has(JsonReadingFlags.IsInCall) ? JsonRepairCost.MissingValue : 0; // several arguments are no value
        all.Add(read);
        if (!all.IsBeforeFault)
        {
            return;
        }

        switch (found)
        {
            case (byte)'}' or (byte)']':
                all.Add(Skip(all, before, JsonRepairCost.Closer, PartialJsonRepairKind.ExtraCloser));
                break;
            case (byte)',' when before.Reader.Depth > all.RootDepth + 1:
                CloseBefore(all, before, found);
                break;
            case (byte)'{' when before.Reader.Depth > all.RootDepth:
                Replace(all, before, (byte)'[', PartialJsonRepairKind.UnexpectedCharacter, JsonRepairCost.Opener);
                break;
            case (byte)'[' when before.Reader.Depth > all.RootDepth:
                Replace(all, before, (byte)'{', PartialJsonRepairKind.UnexpectedCharacter, JsonRepairCost.Opener);
                all.Add(Skip(all, before, JsonRepairCost.Opener, PartialJsonRepairKind.UnexpectedCharacter));
                break;
        }

        if (before.State is PartialJsonReaderState.Value or PartialJsonReaderState.ElementOrEnd && found is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t' or (byte)']'))
        {
            if (found == (byte)'"')
            {
                Insert(all, before, (byte)'{', PartialJsonRepairKind.MissingBrackets, JsonRepairCost.Opener, found);
                ForkSwap(all, before, found);
            }

            if (before.Reader.IsInObject)
            {
                Insert(all, before, (byte)'[', PartialJsonRepairKind.MissingBrackets, JsonRepairCost.Opener, found);
            }
        }
    }

    private static bool IsAtRoot(JsonHypotheses all, in JsonHypothesis hypothesis) => hypothesis.Reader.Depth == all.RootDepth;

    private static void InsteadOfComma(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        switch (found)
        {
            case (byte)'}' or (byte)']':
                WrongCloser(all, hypothesis, found);
                break;
            case (byte)';' or (byte)'.':
                Replace(all, hypothesis, (byte)',', PartialJsonRepairKind.MissingComma, JsonRepairCost.ForeignSign, isGuess: found == (byte)'.');
                break;
            case (byte)':':
                Replace(all, hypothesis, (byte)',', PartialJsonRepairKind.MissingComma, JsonRepairCost.Closer);
                all.Add(Skip(all, hypothesis, JsonRepairCost.Closer));
                break;
            case (byte)')' when hypothesis.Has(JsonReadingFlags.IsInTuple):
                Replace(all, hypothesis, (byte)']', kind: null, JsonRepairCost.Free);
                break;
            case (byte)')' when hypothesis.Has(JsonReadingFlags.IsInCall):
                all.Add(all.Repaired(hypothesis, JsonEditAction.Skip, 1, kind: null, isGuess: false, JsonRepairCost.Free));
                break;
            case (byte)'=' or (byte)'>' or (byte)'+' or (byte)'(' or (byte)')' or (byte)'*' or < (byte)' ' or 0x7F:
                all.Add(Skip(all, hypothesis, JsonRepairCost.Closer));
                break;
            default:
                if (found == (byte)'{' && hypothesis.Reader.IsInObject)
                {
                    CloseBefore(all, hypothesis, found);
                }

                if (found == (byte)'"')
                {
                    all.Add(Skip(all, hypothesis, hypothesis.Has(JsonReadingFlags.AreQuotesDoubled) ? JsonRepairCost.Free : JsonRepairCost.Extra));
                }

                var isNewline = hypothesis.Has(JsonReadingFlags.IsAfterNewline);
                var isGuess = !isNewline || !(found is (byte)'"' or (byte)'{' or (byte)'[');
                var cost = isNewline || (found == (byte)'"' && hypothesis.Reader.IsInArray) ? JsonRepairCost.NewlineForComma
                    : found is (byte)'{' or (byte)'[' ? JsonRepairCost.ExtraComma : JsonRepairCost.Missing;
                Insert(all, hypothesis, (byte)',', PartialJsonRepairKind.MissingComma, cost, found, isGuess);
                break;
        }
    }

    private static void InsteadOfColon(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        switch (found)
        {
            case (byte)'=' or (byte)';':
                Replace(all, hypothesis, (byte)':', PartialJsonRepairKind.MissingColon, JsonRepairCost.ForeignSign, isGuess: found == (byte)';');
                break;
            case (byte)',' or (byte)'}' or (byte)']':
                var value = all.Repaired(hypothesis, JsonEditAction.Write, 0, PartialJsonRepairKind.MissingColon, isGuess: true, JsonRepairCost.Free, (byte)':');
                value.TryWrite(":"u8);
                WriteNull(all, value, found);
                Replace(all, hypothesis, (byte)':', PartialJsonRepairKind.MissingColon, JsonRepairCost.Opener);
                break;
            case (byte)'>' or (byte)')' or (byte)'+' or < (byte)' ' or 0x7F or (byte)'.':
                all.Add(Skip(all, hypothesis, JsonRepairCost.Closer));
                break;
            default:
                if (found == (byte)'"')
                {
                    all.Add(Skip(all, hypothesis, hypothesis.Has(JsonReadingFlags.AreQuotesDoubled) ? JsonRepairCost.Free : JsonRepairCost.Extra));
                }

                Insert(all, hypothesis, (byte)':', PartialJsonRepairKind.MissingColon, JsonRepairCost.Missing, found);
                break;
        }
    }

    private static void InsteadOfName(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        switch (found)
        {
            case (byte)',' or (byte)';':
                all.Add(Skip(all, hypothesis, JsonRepairCost.ExtraComma, PartialJsonRepairKind.ExtraComma, isGuess: false));
                break;
            case (byte)'}' when hypothesis.State == PartialJsonReaderState.Name:
                RemoveComma(all, hypothesis, found);
                break;
            case (byte)']' when hypothesis.State == PartialJsonReaderState.Name:
                RemoveComma(all, hypothesis, found);
                all.Add(Skip(all, hypothesis, JsonRepairCost.Closer, PartialJsonRepairKind.ExtraCloser));
                break;
            case (byte)']':
                WrongCloser(all, hypothesis, found);
                break;
            case (byte)':':
                all.Add(Skip(all, hypothesis, JsonRepairCost.Closer));
                Named(all, hypothesis, found, colon: false);
                break;
            case (byte)'[':
                Named(all, hypothesis, found, colon: true);
                all.Add(Skip(all, hypothesis, JsonRepairCost.Opener));
                break;
            case (byte)'{':
                all.Add(Skip(all, hypothesis, SkipCost(hypothesis)));
                if (hypothesis.State == PartialJsonReaderState.Name)
                {
                    RemoveComma(all, hypothesis, found);
                }

                var named = hypothesis;
                named.Cost += JsonRepairCost.Missing;
                Named(all, named, found, colon: true);
                break;
            case (byte)'\'':
                all.Add(JsonTextReading.Begin(all, hypothesis, JsonQuotes.Single, all.Offset, 1));
                break;
            case (byte)'(' or (byte)')' or (byte)'=' or (byte)'>' or (byte)'+' or (byte)'.' or < (byte)' ' or 0x7F:
                all.Add(Skip(all, hypothesis, JsonRepairCost.Closer));
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

    private static void InsteadOfValue(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        var isMember = hypothesis.Reader.IsInObject;
        switch (found)
        {
            case (byte)',' or (byte)';' when isMember:
                WriteNull(all, hypothesis, found);
                all.Add(Skip(all, hypothesis, JsonRepairCost.Missing));
                break;
            case (byte)',' or (byte)';':
                all.Add(Skip(all, hypothesis, JsonRepairCost.ExtraComma, PartialJsonRepairKind.ExtraComma, isGuess: false));
                break;
            case (byte)'}' or (byte)']' when isMember:
                WriteNull(all, hypothesis, found);
                break;
            case (byte)'}' or (byte)']' when hypothesis.State == PartialJsonReaderState.Value && hypothesis.Reader.Depth > 0:
                RemoveComma(all, hypothesis, found);
                break;
            case (byte)'}' or (byte)']':
                WrongCloser(all, hypothesis, found);
                break;
            case (byte)'\'':
                all.Add(JsonTextReading.Begin(all, hypothesis, JsonQuotes.Single, all.Offset, 1));
                break;
            case (byte)')' when hypothesis.Has(JsonReadingFlags.IsInTuple) && hypothesis.State == PartialJsonReaderState.ElementOrEnd:
                Replace(all, hypothesis, (byte)']', kind: null, JsonRepairCost.Free);
                break;
            case (byte)')' when hypothesis.Has(JsonReadingFlags.IsInTuple) && hypothesis.Reader.IsInArray:
                RemoveComma(all, hypothesis, found);
                break;
            case (byte)'(':
                var tuple = all.Repaired(
                    hypothesis, JsonEditAction.Write, 1, PartialJsonRepairKind.ForeignBrackets, isGuess: false, JsonRepairCost.BareName, (byte)'[');
                if (tuple.TryWrite("["u8))
                {
                    tuple.Set(JsonReadingFlags.IsInTuple);
                    all.Add(tuple);
                }

                all.Add(JsonWordReading.Begin(hypothesis, all.Offset));
                break;
            case (byte)':' or (byte)'=' or (byte)'>' or (byte)')' or (byte)'*' or < (byte)' ' or 0x7F:
                all.Add(Skip(all, hypothesis, found == (byte)'>' ? JsonRepairCost.Free : JsonRepairCost.ForeignSign));
                break;
            default:
                all.Add(JsonWordReading.Begin(hypothesis, all.Offset));
                break;
        }
    }

    // It closes an outer container and the closer of this one is missing; it stands for the closer of this one; or it is one too many.
    private static void WrongCloser(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        all.Add(Skip(all, hypothesis, SkipCost(hypothesis), PartialJsonRepairKind.ExtraCloser));
        CloseBefore(all, hypothesis, found);
        var cost = hypothesis.Reader.CountOpen(found == (byte)'}') == 0 ? JsonRepairCost.Extra : JsonRepairCost.Closer;
        var closed = all.Repaired(
            hypothesis, JsonEditAction.Write, 1, PartialJsonRepairKind.MissingCloser, isGuess: true, cost, found == (byte)'}' ? (byte)']' : (byte)'}');
        if (closed.TryWrite(found == (byte)'}' ? "]"u8 : "}"u8))
        {
            all.Add(IsAtRoot(all, closed) ? JsonAfterReading.Begin(all, closed, all.Offset + 1) : closed);
        }
    }

    private static void CloseBefore(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        if (hypothesis.Reader.Depth <= all.RootDepth + 1)
        {
            return;
        }

        var isObject = hypothesis.Reader.IsInObject;
        Insert(all, hypothesis, isObject ? (byte)'}' : (byte)']', PartialJsonRepairKind.MissingCloser, JsonRepairCost.Closer, found);
    }

    // Consecutive bytes too many are one slip.
    private static int SkipCost(in JsonHypothesis hypothesis) => hypothesis.Has(JsonReadingFlags.IsAfterSkip) ? JsonRepairCost.TrailingComma : JsonRepairCost.Closer;

    private static JsonHypothesis Skip(
        JsonHypotheses all, in JsonHypothesis hypothesis, int cost, PartialJsonRepairKind kind = PartialJsonRepairKind.UnexpectedCharacter, bool isGuess = true) =>
        all.Repaired(hypothesis, JsonEditAction.Skip, 1, kind, isGuess, cost);

    private static void Insert(
        JsonHypotheses all, in JsonHypothesis hypothesis, byte inserted, PartialJsonRepairKind kind, int cost, byte found, bool isGuess = true)
    {
        var read = all.Repaired(hypothesis, JsonEditAction.Write, 0, kind, isGuess, cost, inserted);
        if (read.TryWrite([inserted]))
        {
            read.Set(JsonReadingFlags.IsScalarOpen, value: false);
            all.Read(read, found);
        }
    }

    private static void Replace(JsonHypotheses all, in JsonHypothesis hypothesis, byte replacement, PartialJsonRepairKind? kind, int cost, bool isGuess = true)
    {
        var read = all.Repaired(hypothesis, JsonEditAction.Write, 1, kind, isGuess && kind is not null, cost, replacement);
        if (read.TryWrite([replacement]))
        {
            read.Set(JsonReadingFlags.IsScalarOpen, value: false);
            all.Add(IsAtRoot(all, read) ? JsonAfterReading.Begin(all, read, all.Offset + 1) : read);
        }
    }

    private static void WriteNull(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        var read = all.Repaired(hypothesis, JsonEditAction.WriteNull, 0, PartialJsonRepairKind.MissingValue, isGuess: true, JsonRepairCost.MissingValue);
        if (read.TryWrite("null "u8))
        {
            all.Read(read, found);
        }
    }

    private static void Named(JsonHypotheses all, in JsonHypothesis hypothesis, byte found, bool colon)
    {
        var read = all.Repaired(hypothesis, JsonEditAction.WriteEmptyName, 0, PartialJsonRepairKind.MissingName, isGuess: true, JsonRepairCost.MissingName);
        if (!read.TryWrite("\"\""u8))
        {
            return;
        }

        if (colon)
        {
            read = all.Repaired(read, JsonEditAction.Write, 0, kind: null, isGuess: false, JsonRepairCost.Free, (byte)':');
            read.TryWrite(":"u8);
        }

        all.Read(read, found);
    }

    private static void RemoveComma(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        var read = all.Repaired(hypothesis, JsonEditAction.RemoveComma, 0, PartialJsonRepairKind.ExtraComma, isGuess: false, JsonRepairCost.TrailingComma);
        read.Reader.Rewind(read.Reader.BytesConsumed, PartialJsonReaderState.CommaOrEnd, isName: false);
        all.Read(read, found);
    }

    // The byte and the next one stand the wrong way round.
    private static void ForkSwap(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        var swap = hypothesis;
        (swap.Mode, swap.Byte, swap.Start) = (JsonReadingMode.Swap, found, all.Offset);
        swap.Cost += JsonRepairCost.Swap;
        all.Add(swap);
    }
}
