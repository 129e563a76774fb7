namespace Streamline.Json;

/// <summary>Between tokens: comments, fences, characters longer than a byte, escapes that do not belong there, and bytes that change places.</summary>
internal static class JsonTriviaReading
{
    private const int FenceLength = 3;

    /// <summary>Begins at a byte between tokens.</summary>
    public static void Begin(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        var next = hypothesis;
        next.Start = all.Offset;
        next.Byte = 1;
        next.Set(JsonReadingFlags.IsReported | JsonReadingFlags.IsMarked | JsonReadingFlags.IsScalarOpen, value: false);
        next.Mode = found switch
        {
            (byte)'/' => JsonReadingMode.Slash,
            (byte)'#' => JsonReadingMode.LineComment,
            (byte)'`' => JsonReadingMode.Backticks,
            (byte)'\\' => JsonReadingMode.Backslash,
            _ => JsonReadingMode.Character,
        };
        if (next.Mode == JsonReadingMode.Character)
        {
            JsonCharacterReading.Read(all, next);
        }
        else if (next.Mode == JsonReadingMode.LineComment)
        {
            BeginComment(all, next);
        }
        else
        {
            all.Add(next);
        }
    }

    /// <summary>Reads a byte of it.</summary>
    public static void Read(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        switch (hypothesis.Mode)
        {
            case JsonReadingMode.Swap:
                ReadSwapped(all, hypothesis, found);
                break;
            case JsonReadingMode.Slash:
                ReadAfterSlash(all, hypothesis, found);
                break;
            case JsonReadingMode.LineComment:
                ReadInLineComment(all, hypothesis, found);
                break;
            case JsonReadingMode.BlockComment:
                ReadInBlockComment(all, hypothesis, found);
                break;
            case JsonReadingMode.Backticks:
                ReadAfterBackticks(all, hypothesis, found);
                break;
            case JsonReadingMode.FenceLanguage:
                ReadInLanguage(all, hypothesis, found);
                break;
            case JsonReadingMode.Backslash:
                ReadAfterBackslash(all, hypothesis, found);
                break;
            default:
                JsonCharacterReading.Read(all, hypothesis);
                break;
        }
    }

    /// <summary>A comment up to an offset, left out.</summary>
    public static JsonHypothesis EndComment(JsonHypotheses all, in JsonHypothesis hypothesis, long end, bool isAtEnd = false)
    {
        var isReported = hypothesis.Has(JsonReadingFlags.IsReported);
        var signs = (JsonCommentSigns)hypothesis.Byte;
        var isGuess = signs.HasFlag(JsonCommentSigns.MayBeData) || (isAtEnd && signs.HasFlag(JsonCommentSigns.EndsInCloser));
        PartialJsonRepairKind? kind = isReported && !isGuess ? null : PartialJsonRepairKind.Comment;
        var read = all.Repaired(hypothesis, JsonEditAction.Skip, (int)(end - hypothesis.Start), kind, isGuess, JsonRepairCost.Free, offset: hypothesis.Start);
        (read.Mode, read.Start, read.Byte) = (hypothesis.Mode, end, (byte)(signs & ~JsonCommentSigns.MayBeData));
        read.Set(JsonReadingFlags.IsReported);
        return read;
    }

    // What looks like a comment where a value is wanted may be a word.
    private static void BeginComment(JsonHypotheses all, JsonHypothesis comment)
    {
        var isLine = comment.Mode == JsonReadingMode.LineComment;
        var isValue = isLine && comment.State is PartialJsonReaderState.Value or PartialJsonReaderState.ElementOrEnd;
        var signs = isLine ? JsonComment.Begin(all.Window.TextBefore(comment.Start), isValue) : JsonCommentSigns.None;
        if (isValue)
        {
            comment.Byte = 0;
            all.Add(JsonWordReading.Begin(comment, comment.Start));
        }

        comment.Byte = (byte)signs;
        comment.Cost += JsonRepairCost.Trivia + (signs.HasFlag(JsonCommentSigns.MayBeData) ? JsonRepairCost.Closer : JsonRepairCost.Free);
        all.Add(comment);
    }

    private static void ReadInComment(JsonHypotheses all, ref JsonHypothesis comment, byte found)
    {
        var signs = (JsonCommentSigns)comment.Byte;
        comment.Byte = (byte)JsonComment.Next(signs, found);
        var isSlash = signs.HasFlag(JsonCommentSigns.IsEmpty) && all.HeldFrom(comment.Start)[0] == (byte)'/'; // rather a comment than a word
        comment.Cost += !isSlash && (signs ^ (JsonCommentSigns)comment.Byte).HasFlag(JsonCommentSigns.MayBeData) ? JsonRepairCost.ForeignSign : JsonRepairCost.Free;
    }

    // The fence that the document began in ends here, and all that is open with it.
    public static bool TryEndAtFence(JsonHypotheses all, in JsonHypothesis hypothesis, out JsonHypothesis ended)
    {
        ended = hypothesis;
        if (!all.IsFenced || hypothesis.Has(JsonReadingFlags.IsMarked) || hypothesis.Reader.Depth <= all.RootDepth)
        {
            return false;
        }

        while (ended.Reader.Depth > all.RootDepth)
        {
            ended = CloseOne(all, ended);
        }

        return true;
    }

    private static JsonHypothesis CloseOne(JsonHypotheses all, in JsonHypothesis hypothesis) => hypothesis.State switch
    {
        PartialJsonReaderState.Colon => all.Written(hypothesis, (byte)':', 0, PartialJsonRepairKind.MissingColon, isGuess: true, JsonRepairCost.Free),
        PartialJsonReaderState.Value when hypothesis.Reader.IsInObject => JsonForks.WithNull(all, hypothesis, JsonRepairCost.Free),
        PartialJsonReaderState.Value or PartialJsonReaderState.Name => JsonForks.WithoutComma(all, hypothesis, isGuess: false, JsonRepairCost.Free),
        _ => all.Written(hypothesis, hypothesis.Reader.At.Closer, 0, PartialJsonRepairKind.MissingCloser, isGuess: true, JsonRepairCost.Trivia),
    };

    private static void ReadSwapped(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        if (found == hypothesis.Byte || found >= 0x80 || hypothesis.Byte >= 0x80)
        {
            return;
        }

        var swapped = hypothesis;
        var first = hypothesis.Byte;
        var hasRead = swapped.TryRead(found, all.Offset) && swapped.TryRead(first, all.Offset);
        if (!hasRead || (swapped.Reader.Depth == all.RootDepth && swapped.State is not (PartialJsonReaderState.EndOfText or PartialJsonReaderState.CommaOrEnd)))
        {
            return;
        }

        var isQuote = found == (byte)'"' || first == (byte)'"';
        var kind = isQuote ? PartialJsonRepairKind.MissingQuote : PartialJsonRepairKind.UnexpectedCharacter;
        var edited = all.Repaired(swapped, JsonEditAction.Swap, 2, kind, isGuess: true, cost: 0, first, hypothesis.Start);
        edited.Cost += edited.IsInText && first is (byte)'[' or (byte)'{' ? JsonRepairCost.SignAtEdge : JsonRepairCost.Free;
        JsonForks.AddRead(all, edited);
    }

    private static void ReadAfterSlash(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        if (found is (byte)'/' or (byte)'*')
        {
            var comment = hypothesis;
            comment.Mode = found == (byte)'/' ? JsonReadingMode.LineComment : JsonReadingMode.BlockComment;
            BeginComment(all, comment);
            return;
        }

        BeginWord(all, hypothesis, found);
    }

    private static void ReadInLineComment(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        var read = hypothesis;
        if (found is not ((byte)'\n' or (byte)'\r'))
        {
            ReadInComment(all, ref read, found);
            all.Add(read);
            return;
        }

        var isDropped = ((JsonCommentSigns)hypothesis.Byte).HasFlag(JsonCommentSigns.IsValue | JsonCommentSigns.MayBeData | JsonCommentSigns.EndsInComma);
        read = EndComment(all, hypothesis, all.Offset);
        read.Cost += isDropped ? JsonRepairCost.BareValue : JsonRepairCost.Free;
        (read.Mode, read.Byte) = (JsonReadingMode.Grammar, 0);
        all.Read(read, found);
    }

    private static void ReadInBlockComment(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        var read = hypothesis;
        if (found == (byte)'/' && hypothesis.Has(JsonReadingFlags.IsMarked))
        {
            read.Byte = 0; // it has an end, so it is not data
            read = EndComment(all, read, all.Offset + 1);
            read.Mode = JsonReadingMode.Grammar;
        }
        else
        {
            read.Byte = (byte)JsonComment.Next((JsonCommentSigns)read.Byte, found);
        }

        read.Set(JsonReadingFlags.IsMarked, found == (byte)'*');
        all.Add(read);
    }

    private static void ReadAfterBackticks(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        var read = hypothesis;
        if (found == (byte)'`')
        {
            read.Mode = ++read.Byte == FenceLength ? JsonReadingMode.FenceLanguage : read.Mode;
            all.Add(read);
            return;
        }

        if (hypothesis.State is PartialJsonReaderState.Value or PartialJsonReaderState.ElementOrEnd or PartialJsonReaderState.Name or PartialJsonReaderState.NameOrEnd)
        {
            var text = JsonTextReading.Begin(all, hypothesis, JsonQuotes.SingleTypographic, hypothesis.Start, 1);
            all.Read(text, found);
            return;
        }

        var skipped = all.Repaired(hypothesis, JsonEditAction.Skip, hypothesis.Byte, PartialJsonRepairKind.UnexpectedCharacter, isGuess: true, JsonRepairCost.Closer, offset: hypothesis.Start);
        all.Read(skipped, found);
    }

    private static void ReadInLanguage(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        var read = hypothesis;
        if (char.IsAsciiLetterOrDigit((char)found) || found is (byte)'+' or (byte)'#' or (byte)'_')
        {
            read.Set(JsonReadingFlags.IsMarked);
            all.Add(read);
            return;
        }

        read = EndFence(all, hypothesis, all.Offset);
        if (TryEndAtFence(all, read, out var ended))
        {
            ended = JsonAfterReading.Begin(all, ended, all.Offset);
            all.Read(ended, found);
            return;
        }

        read.Set(JsonReadingFlags.IsMarked, value: false);
        all.Read(read, found);
    }

    /// <summary>A fence up to an offset, left out.</summary>
    public static JsonHypothesis EndFence(JsonHypotheses all, in JsonHypothesis hypothesis, long end) =>
        all.Repaired(hypothesis, JsonEditAction.Skip, (int)(end - hypothesis.Start), PartialJsonRepairKind.MarkdownFence, isGuess: false, JsonRepairCost.Trivia, offset: hypothesis.Start);

    private static void ReadAfterBackslash(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        var read = hypothesis;
        (read.Mode, read.Byte) = (JsonReadingMode.Grammar, 0);
        var isUnescaping = hypothesis.Has(JsonReadingFlags.IsUnescaping);
        if (hypothesis.State is PartialJsonReaderState.Text or PartialJsonReaderState.Escape)
        {
            ReadEscapeInText(all, hypothesis, read, found);
            return;
        }

        if (found is (byte)'"' or (byte)'n' or (byte)'r' or (byte)'t')
        {
            var cost = isUnescaping ? JsonRepairCost.Free : JsonRepairCost.ExtraComma;
            var length = found == (byte)'"' ? 1 : 2;
            read = all.Repaired(read, JsonEditAction.Skip, length, isUnescaping ? null : PartialJsonRepairKind.EscapedDocument, isGuess: !isUnescaping, cost, offset: hypothesis.Start);
            read.Set(JsonReadingFlags.IsUnescaping, isUnescaping || found == (byte)'"');
            if (found == (byte)'"')
            {
                all.Read(read, found);
            }
            else
            {
                all.Add(read);
            }

            return;
        }

        BeginWord(all, hypothesis, found);
    }

    // One level of escapes is taken off: an escaped quote ends the string.
    private static void ReadEscapeInText(JsonHypotheses all, in JsonHypothesis hypothesis, in JsonHypothesis read, byte found)
    {
        if (found is (byte)'"' or (byte)'\\')
        {
            var unescaped = all.Repaired(read, JsonEditAction.Skip, 1, kind: null, isGuess: false, JsonRepairCost.Free, offset: hypothesis.Start);
            if (found == (byte)'"' && hypothesis.State == PartialJsonReaderState.Text)
            {
                unescaped.TryWrite("\""u8);
                all.Add(unescaped);
            }
            else if (unescaped.TryRead(found, all.Offset))
            {
                all.Add(unescaped);
            }

            return;
        }

        var kept = read;
        if (kept.TryRead((byte)'\\', hypothesis.Start))
        {
            all.Read(kept, found);
        }
    }

    private static void BeginWord(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        var word = hypothesis;
        (word.Mode, word.Byte) = (JsonReadingMode.Grammar, 0);
        JsonWordReading.Read(all, JsonWordReading.Begin(JsonForks.BeforeToken(all, word, hypothesis.Start), hypothesis.Start), found);
    }
}
