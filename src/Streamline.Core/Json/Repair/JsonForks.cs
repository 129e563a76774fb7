namespace Streamline.Json;

/// <summary>The repairs between tokens, each of which forks a hypothesis.</summary>
internal static class JsonForks
{
    // It closes an outer container and the closer of this one is missing; it stands for the closer of this one; or it is one too many.
    public static void WrongCloser(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        Skip(all, hypothesis, SkipCost(hypothesis), PartialJsonRepairKind.ExtraCloser);
        CloseBefore(all, hypothesis, found);
        var cost = hypothesis.Reader.CountOpen(found == (byte)'}') == 0 ? JsonRepairCost.Extra : JsonRepairCost.Closer;
        Replace(all, hypothesis, found == (byte)'}' ? (byte)']' : (byte)'}', PartialJsonRepairKind.MissingCloser, cost);
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

    public static void Skip(JsonHypotheses all, in JsonHypothesis hypothesis, int cost, PartialJsonRepairKind kind = PartialJsonRepairKind.UnexpectedCharacter, bool isGuess = true)
    {
        if (!all.IsTooDear(hypothesis, cost))
        {
            all.Add(all.Repaired(hypothesis, JsonEditAction.Skip, 1, kind, isGuess, cost));
        }
    }

    public static void Insert(JsonHypotheses all, in JsonHypothesis hypothesis, byte inserted, PartialJsonRepairKind kind, int cost, byte found, bool isGuess = true)
    {
        if (TryWrite(all, hypothesis, inserted, 0, kind, cost, isGuess, out var read))
        {
            all.Read(read, found);
        }
    }

    public static void Replace(JsonHypotheses all, in JsonHypothesis hypothesis, byte replacement, PartialJsonRepairKind? kind, int cost, bool isGuess = true)
    {
        if (TryWrite(all, hypothesis, replacement, 1, kind, cost, isGuess && kind is not null, out var read))
        {
            AddRead(all, read);
        }
    }

    // Not if it would cost too much, or if the grammar does not allow it here.
    private static bool TryWrite(JsonHypotheses all, in JsonHypothesis hypothesis, byte json, int length, PartialJsonRepairKind? kind, int cost, bool isGuess, out JsonHypothesis read)
    {
        var isTooDear = all.IsTooDear(hypothesis, cost);
        read = isTooDear ? default : all.Repaired(hypothesis, JsonEditAction.Write, length, kind, isGuess, cost, json);
        return !isTooDear && read.TryWrite([json]);
    }

    public static JsonHypothesis WithNull(JsonHypotheses all, in JsonHypothesis hypothesis, int cost)
    {
        var read = all.Repaired(hypothesis, JsonEditAction.WriteJson, 0, PartialJsonRepairKind.MissingValue, isGuess: true, cost, json: JsonEdit.Null);
        read.TryWrite(JsonEdit.Null);
        return read;
    }

    public static void WriteNull(JsonHypotheses all, in JsonHypothesis hypothesis, byte found) => all.Read(WithNull(all, hypothesis, JsonRepairCost.MissingValue), found);

    public static void Named(JsonHypotheses all, in JsonHypothesis hypothesis, byte found, bool colon)
    {
        var read = all.Repaired(hypothesis, JsonEditAction.WriteJson, 0, PartialJsonRepairKind.MissingName, isGuess: true, JsonRepairCost.MissingName, json: JsonEdit.EmptyName);
        read.TryWrite(JsonEdit.EmptyName);
        all.Read(colon ? all.Written(read, (byte)':', 0, kind: null, isGuess: false, JsonRepairCost.Free) : read, found);
    }

    /// <summary>Before a name or value that the grammar does not allow here: with the comma or colon that is missing.</summary>
    public static JsonHypothesis BeforeToken(JsonHypotheses all, in JsonHypothesis hypothesis, long offset) => hypothesis.State switch
    {
        PartialJsonReaderState.CommaOrEnd => all.Written(hypothesis, (byte)',', 0, PartialJsonRepairKind.MissingComma, isGuess: true, JsonRepairCost.Missing, offset),
        PartialJsonReaderState.Colon => all.Written(hypothesis, (byte)':', 0, PartialJsonRepairKind.MissingColon, isGuess: true, JsonRepairCost.Missing, offset),
        _ => hypothesis,
    };

    public static void RemoveComma(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        var isGuess = hypothesis.Reader.IsInArray && all.Window.HasJoinedDigitsBefore(all.Offset - 1);
        all.Read(WithoutComma(all, hypothesis, isGuess, JsonRepairCost.TrailingComma), found);
    }

    public static JsonHypothesis WithoutComma(JsonHypotheses all, in JsonHypothesis hypothesis, bool isGuess, int cost)
    {
        var read = all.Repaired(hypothesis, JsonEditAction.RemoveComma, 0, PartialJsonRepairKind.ExtraComma, isGuess, cost);
        read.Reader.Rewind(read.Reader.BytesConsumed, PartialJsonReaderState.CommaOrEnd, isName: false);
        return read;
    }

    /// <summary>Keeps a hypothesis that has read the byte, which may have ended the root.</summary>
    public static void AddRead(JsonHypotheses all, in JsonHypothesis hypothesis) =>
        all.Add(hypothesis.Reader.Depth == all.RootDepth && hypothesis.Unwrapped == 0 ? JsonAfterReading.Begin(all, hypothesis, all.Offset + 1) : hypothesis);

    // The byte and the next one stand the wrong way round.
    public static void ForkSwap(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        if (!all.IsTooDear(hypothesis, JsonRepairCost.Swap))
        {
            var swap = hypothesis;
            (swap.Mode, swap.Byte, swap.Start, swap.Cost) = (JsonReadingMode.Swap, found, all.Offset, hypothesis.Cost + JsonRepairCost.Swap);
            all.Add(swap);
        }
    }
}
