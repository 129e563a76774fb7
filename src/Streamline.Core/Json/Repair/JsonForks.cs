namespace Streamline.Json;

/// <summary>The repairs between tokens, each of which forks a hypothesis.</summary>
internal static class JsonForks
{
    // It closes an outer container and the closer of this one is missing; it stands for the closer of this one; or it is one too many.
    public static void WrongCloser(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        all.Add(Skip(all, hypothesis, SkipCost(hypothesis), PartialJsonRepairKind.ExtraCloser));
        CloseBefore(all, hypothesis, found);
        var cost = hypothesis.Reader.CountOpen(found == (byte)'}') == 0 ? JsonRepairCost.Extra : JsonRepairCost.Closer;
        var closed = all.Repaired(hypothesis, JsonEditAction.Write, 1, PartialJsonRepairKind.MissingCloser, isGuess: true, cost, found == (byte)'}' ? (byte)']' : (byte)'}');
        if (closed.TryWrite(found == (byte)'}' ? "]"u8 : "}"u8))
        {
            all.Add(JsonStructureReading.IsAtRoot(all, closed) ? JsonAfterReading.Begin(all, closed, all.Offset + 1) : closed);
        }
    }

    public static void CloseBefore(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        if (hypothesis.Reader.Depth <= all.RootDepth + 1)
        {
            return;
        }

        var isObject = hypothesis.Reader.IsInObject;
        Insert(all, hypothesis, isObject ? (byte)'}' : (byte)']', PartialJsonRepairKind.MissingCloser, JsonRepairCost.Closer, found);
    }

    // Consecutive bytes too many are one slip.
    public static int SkipCost(in JsonHypothesis hypothesis) => hypothesis.Has(JsonReadingFlags.IsAfterSkip) ? JsonRepairCost.TrailingComma : JsonRepairCost.Closer;

    public static JsonHypothesis Skip(JsonHypotheses all, in JsonHypothesis hypothesis, int cost, PartialJsonRepairKind kind = PartialJsonRepairKind.UnexpectedCharacter, bool isGuess = true) =>
        all.Repaired(hypothesis, JsonEditAction.Skip, 1, kind, isGuess, cost);

    public static void Insert(JsonHypotheses all, in JsonHypothesis hypothesis, byte inserted, PartialJsonRepairKind kind, int cost, byte found, bool isGuess = true)
    {
        var read = all.Repaired(hypothesis, JsonEditAction.Write, 0, kind, isGuess, cost, inserted);
        if (read.TryWrite([inserted]))
        {
            read.Set(JsonReadingFlags.IsScalarOpen, value: false);
            all.Read(read, found);
        }
    }

    public static void Replace(JsonHypotheses all, in JsonHypothesis hypothesis, byte replacement, PartialJsonRepairKind? kind, int cost, bool isGuess = true)
    {
        var read = all.Repaired(hypothesis, JsonEditAction.Write, 1, kind, isGuess && kind is not null, cost, replacement);
        if (read.TryWrite([replacement]))
        {
            read.Set(JsonReadingFlags.IsScalarOpen, value: false);
            all.Add(JsonStructureReading.IsAtRoot(all, read) ? JsonAfterReading.Begin(all, read, all.Offset + 1) : read);
        }
    }

    public static void WriteNull(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        var read = all.Repaired(hypothesis, JsonEditAction.WriteNull, 0, PartialJsonRepairKind.MissingValue, isGuess: true, JsonRepairCost.MissingValue);
        if (read.TryWrite("null "u8))
        {
            all.Read(read, found);
        }
    }

    public static void Named(JsonHypotheses all, in JsonHypothesis hypothesis, byte found, bool colon)
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

    public static void RemoveComma(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        var isGuess = hypothesis.Reader.IsInArray && all.Window.HasJoinedDigitsBefore(all.Offset - 1);
        var read = all.Repaired(hypothesis, JsonEditAction.RemoveComma, 0, PartialJsonRepairKind.ExtraComma, isGuess, JsonRepairCost.TrailingComma);
        read.Reader.Rewind(read.Reader.BytesConsumed, PartialJsonReaderState.CommaOrEnd, isName: false);
        all.Read(read, found);
    }

    // The byte and the next one stand the wrong way round.
    public static void ForkSwap(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        var swap = hypothesis;
        (swap.Mode, swap.Byte, swap.Start) = (JsonReadingMode.Swap, found, all.Offset);
        swap.Cost += JsonRepairCost.Swap;
        all.Add(swap);
    }
}
