namespace Streamline.Json;

/// <summary>The end of the text: which of the hypotheses that are left it speaks for.</summary>
internal static class JsonEndReading
{
    private const int Incomplete = 13; // more than a missing quote before the closers that then end everything
    private const int IncompleteBetweenTokens = 11; // text that is cut is commoner than a closer that is missing in the middle
    private const int CutName = 4;
    private const int CutRepair = 30;
    private const int TripleQuote = 3;

    /// <summary>Decides for the cheapest hypothesis.</summary>
    public static void Decide(JsonHypotheses all, bool mayGuess)
    {
        JsonHypothesis? best = null;
        foreach (var hypothesis in all.Left)
        {
            var ended = End(all, hypothesis, mayGuess);
            if (ended is { IsWellFormed: true, Mode: JsonReadingMode.After })
            {
                all.Decide(ended);
                return;
            }

            best = best is null || ended.Cost < best.Value.Cost ? ended : best;
        }

        all.Decide(best!.Value);
    }

    private static JsonHypothesis End(JsonHypotheses all, in JsonHypothesis hypothesis, bool mayGuess)
    {
        var end = all.Window.Start + all.Window.Bytes.Length;
        var ended = hypothesis;
        switch (hypothesis.Mode)
        {
            case JsonReadingMode.After:
                return ended;
            case JsonReadingMode.Grammar when hypothesis.IsAfterWrapped:
                return End(all, JsonShapeForks.EndWrapper(all, hypothesis, end), mayGuess);
            case JsonReadingMode.Word when hypothesis.State is not (PartialJsonReaderState.Name or PartialJsonReaderState.NameOrEnd):
                ended = JsonWordReading.Take(all, hypothesis, all.HeldFrom(hypothesis.Start), isAtEnd: true);
                break;
            case JsonReadingMode.LineComment or JsonReadingMode.BlockComment:
                ended = JsonTriviaReading.EndComment(all, hypothesis, end, isAtEnd: true);
                break;
            case JsonReadingMode.FenceLanguage:
                ended = JsonTriviaReading.EndFence(all, hypothesis, end);
                if (JsonTriviaReading.TryEndAtFence(all, ended, out var closed))
                {
                    return JsonAfterReading.Begin(all, closed, end);
                }

                break;
            case JsonReadingMode.QuoteRun when !hypothesis.Has(JsonReadingFlags.IsTextEmpty) && hypothesis.Byte == TripleQuote:
                ended = JsonTextReading.End(all, hypothesis, hypothesis.Start, TripleQuote);
                break;
            case JsonReadingMode.Word when JsonBareWord.IsIdentifier(all.HeldFrom(hypothesis.Start)):
                ended = all.Repaired(hypothesis, JsonEditAction.Skip, (int)(end - hypothesis.Start), kind: null, isGuess: false, CutName, offset: hypothesis.Start); // half a name is not a name
                break;
            case not JsonReadingMode.Grammar:
                ended = all.Repaired(hypothesis, JsonEditAction.Skip, (int)(end - hypothesis.Start), PartialJsonRepairKind.UnexpectedCharacter, isGuess: true, CutRepair, offset: hypothesis.Start);
                break;
        }

        ended.Cost += (ended.IsInText || !mayGuess ? Incomplete : IncompleteBetweenTokens) + (ended.IsInText && ended.Has(JsonReadingFlags.HasInner) ? JsonRepairCost.InnerQuote : 0) + (ended.IsInText && ended.Reader.IsName ? CutName : 0);
        return ended;
    }

    /// <summary>The text ends in a literal or number.</summary>
    public static void EndToken(JsonRepairOutput output, long offset)
    {
        switch (output.Record.Reader.State)
        {
            case PartialJsonReaderState.Literal:
                output.Report(PartialJsonRepairKind.CutToken, offset);
                output.Write(output.Record.Reader.MissingLetters);
                break;
            case PartialJsonReaderState.Minus or PartialJsonReaderState.Point or PartialJsonReaderState.Exponent or PartialJsonReaderState.ExponentSign when output.MayGuess:
                output.Report(PartialJsonRepairKind.CutToken, offset, isGuess: true);
                output.Write("0"u8);
                break;
        }
    }

    /// <summary>Closes the array that holds all documents, or puts a list around a scalar that is not shown.</summary>
    public static void EndRoot(JsonRepairOutput output, bool isAll, JsonShapeCheck? check)
    {
        if (output.Error is not null || !isAll || output.Record.Reader.Depth != 1)
        {
            check?.WrapRoot(output);
            return;
        }

        if (output.Record.Reader.State == PartialJsonReaderState.Value)
        {
            output.Record.RemoveComma();
        }

        if (output.Record.Reader.State is var state && (state == PartialJsonReaderState.CommaOrEnd || JsonNumberMachine.MayEndIn(state)))
        {
            output.Write("]"u8);
        }
    }
}
