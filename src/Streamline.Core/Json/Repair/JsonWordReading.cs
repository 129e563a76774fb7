namespace Streamline.Json;

/// <summary>Names and values without quotes.</summary>
internal static class JsonWordReading
{
    /// <summary>A word that is longer is text.</summary>
    public const int MaxLength = 256;

    /// <summary>Begins a word.</summary>
    public static JsonHypothesis Begin(in JsonHypothesis hypothesis, long start)
    {
        var word = hypothesis;
        (word.Mode, word.Start) = (JsonReadingMode.Word, start);
        word.Set(JsonReadingFlags.IsScalarOpen, value: false);
        return word;
    }

    /// <summary>Reads a byte of a word, or after it.</summary>
    public static void Read(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        var word = all.HeldFrom(hypothesis.Start)[..^1];
        var isName = IsName(hypothesis);
        if (word.Length >= MaxLength && (found & 0xC0) != 0x80)
        {
            all.Read(BecomeText(all, hypothesis, word.Length), found);
            return;
        }

        var read = hypothesis;
        read.Cost += word is [.., (byte)','] && JsonBareWord.IsDigitGroup(word[..^1]) && !char.IsAsciiDigit((char)found) ? JsonRepairCost.CommaInWord : JsonRepairCost.Free;
        switch (found)
        {
            case (byte)'\'' or 0xE2 when isName && word[^1] == (byte)' ':
                End(all, read, found);
                GoOn(all, read, JsonRepairCost.BareValue);
                return;
            case (byte)'"' when word[^1] == (byte)'\\' && word.Length > 1:
                break;
            case (byte)'"':
                ReadQuote(all, read, word, isName);
                return;
            case (byte)')' when word.Count((byte)'(') > word.Count((byte)')'):
                all.Add(read);
                return;
            case (byte)'}' or (byte)']' when word.Count((byte)(found - 2)) > word.Count(found):
                all.Add(read);
                return;
            case (byte)',' or (byte)'}' or (byte)']':
                End(all, read, found);
                var isInGroup = found == (byte)',' && ((word[0] != (byte)'0' && JsonBareWord.IsDigitGroup(word) && read.Reader.IsInObject) || word.Count((byte)'(') > word.Count((byte)')'));
                GoOn(all, read, isInGroup ? (word.Contains((byte)',') ? JsonRepairCost.Free : JsonRepairCost.DigitGroup) : JsonRepairCost.CommaInWord);
                return;
            case (byte)'\n' or (byte)'\r':
            case (byte)':' or (byte)'=' or (byte)'{' or (byte)'[' when isName:
                End(all, read, found);
                return;
            case (byte)';' or (byte)'{' or (byte)'[' when JsonBareWord.IsScalar(JsonBareWord.TrimEnd(word)):
                End(all, read, found);
                GoOn(all, read, JsonRepairCost.CommaInWord);
                return;
            case (byte)'/' or (byte)'#' when word[^1] is (byte)' ' or (byte)'\t' || (found == (byte)'/' && JsonBareWord.IsScalar(word)) || JsonBareWord.IsEllipsis(word):
                End(all, read, found);
                GoOn(all, read, JsonRepairCost.Trivia);
                return;
        }

        all.Add(read);
    }

    /// <summary>The word, which has the spaces after it, as a token: the reader is after it.</summary>
    public static JsonHypothesis Take(JsonHypotheses all, in JsonHypothesis hypothesis, ReadOnlySpan<byte> word, bool isAtEnd)
    {
        var length = word.Length;
        word = JsonBareWord.TrimEnd(word);
        var start = hypothesis.Start;
        JsonHypothesis taken;
        if (JsonBareWord.IsEllipsis(word))
        {
            taken = all.Repaired(hypothesis, JsonEditAction.Skip, length, PartialJsonRepairKind.Ellipsis, isGuess: false, JsonRepairCost.Trivia, offset: start);
        }
        else if (IsName(hypothesis))
        {
            var cost = !JsonBareWord.IsIdentifier(word) ? JsonRepairCost.BareValue : hypothesis.Has(JsonReadingFlags.HasBareName) ? JsonRepairCost.Free : JsonRepairCost.BareName;
            taken = all.Repaired(hypothesis, JsonEditAction.WriteWord, length, kind: null, isGuess: false, cost, JsonEdit.Name, start);
            taken.Set(JsonReadingFlags.HasBareName, hypothesis.Has(JsonReadingFlags.HasBareName) || cost == JsonRepairCost.BareName);
            WriteText(ref taken, word);
        }
        else if (JsonShapeConverter.ConvertWord(hypothesis.Cursor, word) is { } json)
        {
            taken = all.Repaired(hypothesis, JsonEditAction.WriteJson, length, PartialJsonRepairKind.ConvertedValue, isGuess: true, JsonRepairCost.BareName, offset: start, json: json);
            taken.TryWrite(json);
        }
        else
        {
            var (cost, isText) = Weigh(word, isAtEnd);
            cost = cost == JsonRepairCost.ForeignToken && hypothesis.Has(JsonReadingFlags.Styles) ? JsonRepairCost.Free : cost;
            taken = word is [(byte)'.', ..] && all.Window.HasJoinedDigitsBefore(start - 1)
                ? all.Repaired(hypothesis, JsonEditAction.Skip, 0, PartialJsonRepairKind.ForeignNumber, isGuess: true, JsonRepairCost.Free, offset: start) : hypothesis;
            taken = all.Repaired(taken, JsonEditAction.WriteWord, length, kind: null, isGuess: false, cost, isAtEnd ? JsonEdit.ValueAtEnd : default, start);
            WriteMeant(ref taken, word, isText);
        }

        taken.Set(JsonReadingFlags.IsScalarOpen, value: false);
        return taken;
    }

    // The schema wants to know which value it is; the grammar does not.
    private static void WriteMeant(ref JsonHypothesis taken, ReadOnlySpan<byte> word, bool isText)
    {
        if (!isText)
        {
            var isLiteral = word[0] is >= (byte)'A' and <= (byte)'z';
            taken.TryWrite(!isLiteral ? "0 "u8 : word[0] is (byte)'t' or (byte)'T' or (byte)'f' or (byte)'F' ? "true "u8 : "null "u8);
            return;
        }

        WriteText(ref taken, word);
    }

    private static void WriteText(ref JsonHypothesis taken, ReadOnlySpan<byte> text)
    {
        taken.TryWrite("\""u8);
        taken.Cursor.AddText(text);
        taken.TryWrite("\""u8);
    }

    private static (int Cost, bool IsText) Weigh(ReadOnlySpan<byte> word, bool isAtEnd)
    {
        Span<byte> json = stackalloc byte[JsonBareWord.MaxJsonLength];
        if (JsonBareWord.TryRead(word, json, out var length, out _, out var isGuess))
        {
            var isJson = !isGuess && json[..length].SequenceEqual(word);
            return (isGuess ? JsonRepairCost.BareName : isJson && char.IsAsciiLetter((char)word[0]) ? JsonRepairCost.Free : JsonRepairCost.ForeignToken, false);
        }

        return isAtEnd && JsonBareWord.TryCompleteLiteral(word, out _) ? (JsonRepairCost.ForeignToken, false)
            : (JsonBareWord.IsIdentifier(word) ? JsonRepairCost.Missing : JsonRepairCost.BareValue, true);
    }

    private static void End(JsonHypotheses all, in JsonHypothesis hypothesis, byte found) =>
        all.Read(Take(all, hypothesis, all.HeldFrom(hypothesis.Start)[..^1], isAtEnd: false), found);

    private static void GoOn(JsonHypotheses all, in JsonHypothesis hypothesis, int cost)
    {
        if (!all.IsTooDear(hypothesis, cost))
        {
            var word = hypothesis;
            word.Cost += cost;
            all.Add(word);
        }
    }

    // The opening quote is missing; or the quote begins the next token; or it is part of the word, or one too many after it.
    private static void ReadQuote(JsonHypotheses all, in JsonHypothesis hypothesis, ReadOnlySpan<byte> word, bool isName)
    {
        var text = all.Repaired(hypothesis, JsonEditAction.WriteText, word.Length + 1, PartialJsonRepairKind.MissingQuote, isGuess: true, JsonRepairCost.Missing, offset: hypothesis.Start);
        WriteText(ref text, word);
        all.Add(text);
        if (JsonBareWord.IsScalar(JsonBareWord.TrimEnd(word)) && !isName)
        {
            var scalar = Take(all, hypothesis, word, isAtEnd: false);
            all.Add(all.Repaired(scalar, JsonEditAction.Skip, 1, PartialJsonRepairKind.UnexpectedCharacter, isGuess: true, JsonRepairCost.ForeignSign));
        }

        End(all, hypothesis, (byte)'"');
        if (isName)
        {
            var skipped = all.Repaired(hypothesis, JsonEditAction.Skip, word.Length, PartialJsonRepairKind.UnexpectedCharacter, isGuess: true, JsonRepairCost.BareValue, offset: hypothesis.Start);
            all.Read(skipped, (byte)'"');
        }
        else
        {
            GoOn(all, hypothesis, JsonRepairCost.CommaInWord);
        }
    }

    // What has come of the word is text, and so is all that follows.
    private static JsonHypothesis BecomeText(JsonHypotheses all, in JsonHypothesis hypothesis, int length)
    {
        var text = all.Repaired(hypothesis, JsonEditAction.WriteWord, length, kind: null, isGuess: true, JsonRepairCost.BareValue, JsonEdit.TextThatContinues, hypothesis.Start);
        text.TryWrite("\""u8);
        text.Cursor.AddText(all.HeldFrom(hypothesis.Start)[..length]);
        text.Quotes = JsonQuotes.None;
        return text;
    }

    private static bool IsName(in JsonHypothesis hypothesis) => hypothesis.State is PartialJsonReaderState.Name or PartialJsonReaderState.NameOrEnd;
}
