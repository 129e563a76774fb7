namespace Streamline.Json;

/// <summary>The readings that only a schema speaks for. All of them are guesses.</summary>
internal static class JsonShapeForks
{
    /// <summary>Puts a list around a single value that begins here, where a list is wanted, or leaves one out where a single value is wanted.</summary>
    public static void WrapOrUnwrap(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        if (hypothesis.Cursor.Place is null || hypothesis.State is not (PartialJsonReaderState.Value or PartialJsonReaderState.ElementOrEnd))
        {
            return;
        }

        var (wanted, kind) = (hypothesis.Cursor.Wanted, KindOf(found));
        if (wanted.Allows(JsonKinds.Array) && (!wanted.Allows(kind) || wanted.IsListOf(kind)))
        {
            Wrap(all, hypothesis, wanted.Items, found);
        }
        else if (kind == JsonKinds.Array && hypothesis.Unwrapped == 0 && hypothesis.Reader.Depth < ushort.MaxValue && !wanted.Allows(kind))
        {
            // Until its end shows that it holds no more than one value, the reading costs as much as the list.
            var unwrapped = all.Repaired(hypothesis, JsonEditAction.Skip, 1, PartialJsonRepairKind.UnexpectedCharacter, isGuess: true, JsonShapeCost.Container);
            unwrapped.Unwrapped = (ushort)(hypothesis.Reader.Depth + 1);
            unwrapped.Set(JsonReadingFlags.IsWellFormed, hypothesis.IsWellFormed);
            all.Add(unwrapped);
        }
    }

    private static void Wrap(JsonHypotheses all, in JsonHypothesis hypothesis, JsonShape items, byte found)
    {
        var mayConvert = found == (byte)'"' && (items.Allows(JsonKinds.Number) || items.Allows(JsonKinds.Boolean));
        if (items.Allows(KindOf(found)) || mayConvert)
        {
            var wrapped = all.Repaired(hypothesis, JsonEditAction.Write, 0, PartialJsonRepairKind.WrappedValue, isGuess: true, JsonShapeCost.Wrapped, (byte)'[');
            wrapped.TryWrite("["u8);
            wrapped.Cursor.BecomeWrapper();
            all.Read(wrapped, found);
        }
    }

    /// <summary>Ends the list around a single value, which has ended.</summary>
    public static JsonHypothesis EndWrapper(JsonHypotheses all, in JsonHypothesis hypothesis, long offset)
    {
        var ended = all.Written(hypothesis, (byte)']', 0, kind: null, isGuess: false, JsonRepairCost.Free, offset);
        return ended.Reader.Depth == all.RootDepth ? JsonAfterReading.Begin(all, ended, offset) : ended;
    }

    /// <summary>Leaves out the end of that list, after its value. If another value follows, the list has more than one.</summary>
    public static void EndUnwrapped(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        if (found == (byte)']' && hypothesis.State is PartialJsonReaderState.CommaOrEnd or PartialJsonReaderState.EndOfText)
        {
            var read = all.Repaired(hypothesis, JsonEditAction.Skip, 1, PartialJsonRepairKind.ExtraCloser, isGuess: true, JsonShapeCost.Wrapped - JsonShapeCost.Container);
            read.Unwrapped = 0;
            read.Set(JsonReadingFlags.IsWellFormed, hypothesis.IsWellFormed);
            JsonForks.AddRead(all, read);
        }
        else if (found is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
        {
            all.Add(all.Repaired(hypothesis, JsonEditAction.Skip, 1, kind: null, isGuess: false, JsonRepairCost.Free));
        }
    }

    /// <summary>Reads a string or name as the one that is wanted, at the quote that ends it.</summary>
    public static void ConvertText(JsonHypotheses all, in JsonHypothesis hypothesis)
    {
        if (hypothesis.Quotes != JsonQuotes.Double || !IsAsReceived(all, hypothesis) || all.HeldFrom(hypothesis.Start) is not [(byte)'"', .. var text, _])
        {
            return;
        }

        if (!hypothesis.Reader.IsName)
        {
            var json = hypothesis.Cursor.MayConvertText ? JsonShapeConverter.Convert(hypothesis.Cursor.Wanted, text, JsonKinds.String) : null;
            Convert(all, hypothesis, json, PartialJsonRepairKind.ConvertedValue, next: null);
        }
        else if (text.Length <= JsonShapeConverter.MaxLength && hypothesis.Cursor.Place is { } place && !place.Shape.TryGetProperty(JsonNameHash.Add(JsonNameHash.Empty, text), out _))
        {
            Convert(all, hypothesis, place.Shape.FindAlike(text), PartialJsonRepairKind.RenamedProperty, next: null);
        }
    }

    /// <summary>Reads a number as the value that is wanted, at the byte after it, or <c>true</c> or <c>false</c>, at its last letter.</summary>
    public static void ConvertScalar(JsonHypotheses all, in JsonHypothesis hypothesis, byte found)
    {
        if (!IsAsReceived(all, hypothesis))
        {
            return;
        }

        var text = all.HeldFrom(hypothesis.Start);
        if (hypothesis.State != PartialJsonReaderState.Literal)
        {
            var json = hypothesis.Cursor.IsMisfit ? JsonShapeConverter.Convert(hypothesis.Cursor.Wanted, text[..^1], JsonKinds.Number) : null;
            Convert(all, hypothesis, json, PartialJsonRepairKind.ConvertedValue, found);
        }
        else if (text[0] != (byte)'n' && !hypothesis.Cursor.Wanted.Allows(JsonKinds.Boolean))
        {
            Convert(all, hypothesis, JsonShapeConverter.Convert(hypothesis.Cursor.Wanted, text, JsonKinds.Boolean), PartialJsonRepairKind.ConvertedValue, next: null);
        }
    }

    // Nothing has been repaired in the token.
    private static bool IsAsReceived(JsonHypotheses all, in JsonHypothesis hypothesis) =>
        hypothesis.Cursor.Place is not null && hypothesis.Start >= all.Window.Start && hypothesis.Before != PartialJsonReaderState.Completed && hypothesis.Reader.Depth > all.RootDepth
        && (hypothesis.Edit < 0 || all.Edit(hypothesis.Edit) is var edit && edit.Offset + edit.Length <= hypothesis.Start);

    private static void Convert(JsonHypotheses all, in JsonHypothesis hypothesis, byte[]? json, PartialJsonRepairKind kind, byte? next)
    {
        if (json is null)
        {
            return;
        }

        var length = (int)(all.Offset + (next is null ? 1 : 0) - hypothesis.Start);
        var read = hypothesis;
        read.Reader.Rewind(hypothesis.Reader.BytesConsumed, hypothesis.Before, isName: false);
        var refund = read.Cursor.TakeBackScalar();
        read = all.Repaired(read, JsonEditAction.WriteJson, length, kind, isGuess: true, JsonShapeCost.Converted - refund, offset: hypothesis.Start, json: json);
        read.Set(JsonReadingFlags.Text | JsonReadingFlags.IsScalarOpen, value: false);
        if (!read.TryWrite(json))
        {
            return;
        }

        if (next is { } found)
        {
            all.Read(read, found);
        }
        else
        {
            all.Add(read);
        }
    }

    private static JsonKinds KindOf(byte first) => first switch
    {
        (byte)'{' => JsonKinds.Object,
        (byte)'[' => JsonKinds.Array,
        (byte)'"' => JsonKinds.String,
        (byte)'t' or (byte)'f' => JsonKinds.Boolean,
        (byte)'n' => JsonKinds.Null,
        _ => JsonKinds.Number,
    };
}
