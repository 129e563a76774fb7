namespace Streamline.Json;

/// <summary>Writes what a hypothesis has read, repaired, into the record.</summary>
internal sealed class JsonEditWriter(JsonRepairOutput output, JsonHypotheses all)
{
    private readonly List<JsonEdit> _edits = [];

    /// <summary>Writes the only hypothesis that is left, up to what is still being read.</summary>
    /// <param name="end">The offset up to which the text is decided.</param>
    /// <returns>The offset up to which the text was written; less than <paramref name="end"/> when the root has ended there.</returns>
    public long Write(long end)
    {
        _edits.Clear();
        for (var index = all.Best.Edit; index >= 0; index = all.Edit(index).Parent)
        {
            _edits.Add(all.Edit(index));
        }

        var position = Math.Max(all.Window.Start, all.Window.Written);
        for (var index = _edits.Count - 1; index >= 0 && output.Error is null; index--)
        {
            var edit = _edits[index];
            if (edit.Offset < all.Window.Written && !(edit.Action == JsonEditAction.EndRoot && EndsFence(all.HeldFrom(edit.Offset))))
            {
                output.Refuse(edit.Kind ?? PartialJsonRepairKind.UnexpectedCharacter, edit.Offset); // what is shown is not changed
                break;
            }

            WriteText(position, edit.Offset);
            position = Math.Max(position, edit.Offset + edit.Length);
            if (edit.Action == JsonEditAction.EndRoot)
            {
                return position;
            }

            Write(edit);
        }

        WriteText(position, end);
        return Math.Max(position, end);
    }

    // After a string that ends the document: nothing but the end of the fence that the document began in.
    private bool EndsFence(ReadOnlySpan<byte> after) => all.IsFenced && after.TrimStart(" \t\r"u8) is [(byte)'\n', .. var line] && line.TrimStart(" \t\r\n"u8).StartsWith("```"u8);

    /// <summary>Writes what is decided of the only hypothesis that is left, and forgets it.</summary>
    /// <returns>Whether nothing is left but what the grammar says.</returns>
    public bool WriteDecided(long offset)
    {
        ref var best = ref all.Best;
        if (best.Mode == JsonReadingMode.Limit)
        {
            Write(best.Start);
            output.Write(all.HeldFrom(best.Start)[..1]);
            return false;
        }

        if (best.Mode is JsonReadingMode.LineComment or JsonReadingMode.BlockComment)
        {
            best = JsonTriviaReading.EndComment(all, best, offset);
        }

        var isDone = best.IsPlain;
        var end = isDone ? offset : Math.Max(all.Window.Start, best.DecidedEnd(offset));
        if (isDone || end > all.Window.Start || best.Edit >= 0)
        {
            Write(end);
            all.Forget((int)(end - all.Window.Start));
        }

        return isDone;
    }

    private void WriteText(long start, long end)
    {
        if (start < end)
        {
            output.Write(all.HeldFrom(start)[..(int)(end - start)]);
        }
    }

    private void Write(JsonEdit edit)
    {
        if (edit.Kind is { } kind)
        {
            output.Report(kind, edit.Offset, edit.IsGuess);
        }

        var bytes = all.HeldFrom(edit.Offset);
        switch (edit.Action)
        {
            case JsonEditAction.Write:
                output.Write([edit.Argument]);
                break;
            case JsonEditAction.Escape:
                output.WriteEscaped(bytes[0]);
                break;
            case JsonEditAction.WriteReplacement:
                output.Write("\uFFFD"u8);
                break;
            case JsonEditAction.WriteJson:
                output.Write(edit.Json);
                break;
            case JsonEditAction.RemoveComma:
                output.Record.RemoveComma();
                output.Write(" "u8); // a literal is shown when it is known to have ended
                break;
            case JsonEditAction.Swap:
                output.Write([bytes[1], bytes[0]]);
                break;
            case JsonEditAction.WriteText:
                WriteEscapedString(bytes[..(edit.Length - 1)], edit.Offset);
                break;
            case JsonEditAction.WriteWord:
                WriteWord(bytes[..edit.Length], edit.Offset, edit.Argument);
                break;
        }
    }

    // Text that has escapes, but not its opening quote.
    private void WriteEscapedString(ReadOnlySpan<byte> text, long offset)
    {
        output.Write("\""u8);
        while (!text.IsEmpty)
        {
            var length = JsonText.EscapeLength(text);
            if (length > 0)
            {
                output.Write(text[..length]);
            }
            else
            {
                var next = text[1..].IndexOf((byte)'\\');
                length = next < 0 ? text.Length : next + 1;
                output.WriteText(text[..length], offset);
            }

            text = text[length..];
            offset += length;
        }

        output.Write("\""u8);
    }

    private void WriteWord(ReadOnlySpan<byte> word, long offset, byte place)
    {
        if (place is JsonEdit.Name or JsonEdit.TextThatContinues)
        {
            var isName = output.Record.Reader.State is PartialJsonReaderState.Name or PartialJsonReaderState.NameOrEnd;
            output.Report(isName ? PartialJsonRepairKind.UnquotedName : PartialJsonRepairKind.UnquotedValue, offset, isGuess: place == JsonEdit.TextThatContinues);
            output.Write("\""u8);
            output.WriteText(place == JsonEdit.Name ? JsonBareWord.TrimEnd(word) : word, offset);
            output.Write(place == JsonEdit.Name ? "\""u8 : default);
        }
        else
        {
            WriteValue(output, JsonBareWord.TrimEnd(word), offset, isAtEnd: place == JsonEdit.ValueAtEnd);
        }
    }

    /// <summary>Writes the value that a word stands for. After a literal or number comes a space, so that what follows does not belong to it.</summary>
    public static void WriteValue(JsonRepairOutput output, ReadOnlySpan<byte> word, long offset, bool isAtEnd)
    {
        Span<byte> buffer = stackalloc byte[JsonBareWord.MaxJsonLength];
        scoped ReadOnlySpan<byte> json;
        if (JsonBareWord.TryRead(word, buffer, out var length, out var kind, out var isGuess))
        {
            json = buffer[..length];
            if (!json.SequenceEqual(word))
            {
                output.Report(isAtEnd && isGuess && kind == PartialJsonRepairKind.ForeignNumber ? PartialJsonRepairKind.CutToken : kind, offset, isGuess);
            }
        }
        else if (isAtEnd && JsonBareWord.TryCompleteLiteral(word, out json))
        {
            output.Report(PartialJsonRepairKind.CutToken, offset);
        }
        else
        {
            output.Report(PartialJsonRepairKind.UnquotedValue, offset, isGuess: true);
            output.Write("\""u8);
            output.WriteText(word, offset);
            if (!isAtEnd || output.Record.Reader.Depth == 0)
            {
                output.Write("\""u8);
            }

            return;
        }

        output.Write(json);
        output.Write(isAtEnd ? default : " "u8);
    }
}
