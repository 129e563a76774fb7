using System.Buffers;

namespace Streamline.Json;

/// <summary>One reading of a malformed text: the state of the strict reader by that reading, what was repaired on the way, and what that cost.</summary>
internal struct JsonHypothesis
{
    private static readonly SearchValues<byte> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 _-."u8);

    /// <summary>The reader, which has read the text as this hypothesis repairs it.</summary>
    public PartialJsonReader Reader;

    /// <summary>Its place in the schema, if there is one.</summary>
    public JsonShapeCursor Cursor;

    /// <summary>What the repairs cost: see <see cref="JsonRepairCost"/>.</summary>
    public int Cost;

    /// <summary>The last edit, or -1.</summary>
    public int Edit;

    /// <summary>What is being read.</summary>
    public JsonReadingMode Mode;

    /// <summary>What contains the string that is being read.</summary>
    public JsonQuotes Quotes;

    /// <summary>What else is remembered.</summary>
    public JsonReadingFlags Flags;

    /// <summary>A byte or count that the mode needs.</summary>
    public byte Byte;

    /// <summary>The depth, and one, at which a list of one was opened that is left out, and has not ended; 0 for none.</summary>
    public ushort Unwrapped;

    /// <summary>Where the reader stood when the number or literal began.</summary>
    public PartialJsonReaderState Before;

    /// <summary>Where what is being read began; nothing from there on has been decided.</summary>
    public long Start;

    public readonly PartialJsonReaderState State => Reader.State;

    public readonly bool IsInText => Reader.IsInText;

    /// <summary>Whether the grammar has refused nothing, and nothing has changed but what the schema wants.</summary>
    public readonly bool IsWellFormed => Has(JsonReadingFlags.IsWellFormed) && Mode is JsonReadingMode.Grammar or JsonReadingMode.After or JsonReadingMode.Limit;

    /// <summary>Whether the reader is in a list of one that is left out.</summary>
    public readonly bool IsUnwrapped => Unwrapped > 0 && Unwrapped == Reader.Depth + 1;

    /// <summary>Whether the single value has ended that a list was put around.</summary>
    public readonly bool IsAfterWrapped => State == PartialJsonReaderState.CommaOrEnd && Cursor.Place is { IsWrapper: true };

    /// <summary>Whether nothing is left but what the grammar says.</summary>
    public readonly bool IsPlain => Mode == JsonReadingMode.Grammar && Quotes == JsonQuotes.Double && State <= PartialJsonReaderState.Text
        && !Has(JsonReadingFlags.IsUnescaping | JsonReadingFlags.AreQuotesDoubled | JsonReadingFlags.IsAfterControl | JsonReadingFlags.MayConvert)
        && !(Has(JsonReadingFlags.IsScalarOpen) && !IsInText) && !(IsInText && Has(JsonReadingFlags.HasInner)) && Cursor.Place is not { IsInWrapper: true } && Unwrapped == 0;

    public readonly bool Has(JsonReadingFlags flags) => (Flags & flags) != JsonReadingFlags.None;

    public void Set(JsonReadingFlags flags, bool value = true) => Flags = value ? Flags | flags : Flags & ~flags;

    /// <summary>Up to where the text is decided, if this hypothesis is right.</summary>
    public readonly long DecidedEnd(long offset) => Mode switch
    {
        not JsonReadingMode.Grammar => Start,
        _ when IsInText && Has(JsonReadingFlags.MayConvert) => Start,
        _ when IsInText => offset - Reader.UndecidedBytes,
        _ when (State >= PartialJsonReaderState.Minus || Has(JsonReadingFlags.IsScalarOpen)) && Before != PartialJsonReaderState.Completed => Start,
        _ => offset,
    };

    /// <summary>Reads letters, digits, spaces and dots as far as they can only be what is being read, a string or word, if no other hypothesis is left.</summary>
    /// <returns>How many they are.</returns>
    public int ReadLetters(ReadOnlySpan<byte> bytes, int held)
    {
        var isInText = Mode == JsonReadingMode.Grammar && State == PartialJsonReaderState.Text && !Has(JsonReadingFlags.MayConvert);
        var most = Math.Min(bytes.Length, isInText ? JsonHypotheses.MaxBytes : Mode == JsonReadingMode.Word ? Math.Max(JsonWordReading.MaxLength - held, 0) : 0);
        var count = bytes[..most].IndexOfAnyExcept(Letters) is var other and >= 0 ? other : most;
        if (isInText && count > 0)
        {
            TryWrite(bytes[..count]);
            Set(JsonReadingFlags.HasControl, Has(JsonReadingFlags.HasControl | JsonReadingFlags.IsAfterControl));
            Set(JsonReadingFlags.IsTextEmpty | JsonReadingFlags.IsAfterControl, value: false);
        }

        return count;
    }

    /// <summary>Lets the strict reader read a byte. Nothing changes when it refuses.</summary>
    public bool TryRead(byte found, long offset)
    {
        if (State == PartialJsonReaderState.Text && found is >= (byte)' ' and < 0x80 and not ((byte)'"' or (byte)'\\') && Cursor.Place is null)
        {
            Reader.TrySkipText(1);
            Set(JsonReadingFlags.IsTextEmpty, value: false);
            return true;
        }

        var before = State;
        if (Cursor.Place is null && before < PartialJsonReaderState.Minus)
        {
            // Neither a token nor the place in a schema has to be restored.
            if (Reader.Read([found], ref Cursor, out _) == OperationStatus.InvalidData)
            {
                Reader.Resume();
                return false;
            }
        }
        else
        {
            var (reader, cursor) = (Reader, Cursor);
            if (!TryWrite([found]))
            {
                (Reader, Cursor) = (reader, cursor);
                return false;
            }
        }

        Note(before, found, offset);
        return true;
    }

    /// <summary>Lets the strict reader read what a repair writes. If the grammar refuses it here, the hypothesis is to be given up.</summary>
    public bool TryWrite(ReadOnlySpan<byte> json)
    {
        var isRead = Reader.Read(json, ref Cursor, out var count) != OperationStatus.InvalidData && count == json.Length;
        Cost += isRead ? Cursor.TakeCost() : 0;
        return isRead;
    }

    /// <summary>The string has ended.</summary>
    public void EndText()
    {
        (Mode, Quotes) = (JsonReadingMode.Grammar, JsonQuotes.Double);
        Set(JsonReadingFlags.Text | JsonReadingFlags.IsAfterNewline | JsonReadingFlags.IsScalarOpen, value: false);
    }

    // What is remembered of a token: where it began, and whether anything has come of it.
    private void Note(PartialJsonReaderState before, byte found, long offset)
    {
        if (before < PartialJsonReaderState.Text && Reader.State >= PartialJsonReaderState.Text)
        {
            (Before, Start) = (before, offset);
            Set(JsonReadingFlags.IsTextEmpty | JsonReadingFlags.IsScalarOpen);
            Set(JsonReadingFlags.Text, value: false);
            Set(JsonReadingFlags.MayConvert, IsInText && !Reader.IsName && Cursor.MayConvertText);
            Quotes = JsonQuotes.Double;
        }
        else if (before is >= PartialJsonReaderState.Text and <= PartialJsonReaderState.MultiByte)
        {
            Set(JsonReadingFlags.IsTextEmpty, value: false);
        }

        if (found is not ((byte)' ' or (byte)'\t') && Reader.State < PartialJsonReaderState.Text)
        {
            Set(JsonReadingFlags.IsScalarOpen, value: found is not ((byte)',' or (byte)'"' or (byte)'}' or (byte)']' or (byte)':' or (byte)'{' or (byte)'[' or (byte)'\n' or (byte)'\r'));
            Set(JsonReadingFlags.IsAfterNewline, value: found is (byte)'\n' or (byte)'\r');
        }
    }
}

/// <summary>What a hypothesis is reading.</summary>
internal enum JsonReadingMode : byte
{
    /// <summary>What the strict reader reads.</summary>
    Grammar,

    /// <summary>A name or value without quotes.</summary>
    Word,

    /// <summary>Between tokens or in a string, a character longer than a byte.</summary>
    Character,

    /// <summary>A byte that came too early waits for the one that belongs before it.</summary>
    Swap,

    /// <summary>After a slash that may begin a comment.</summary>
    Slash,

    /// <summary>A comment that the end of the line ends.</summary>
    LineComment,

    /// <summary>A comment that <c>*/</c> ends.</summary>
    BlockComment,

    /// <summary>Between tokens, backticks.</summary>
    Backticks,

    /// <summary>After three backticks, the name of a language.</summary>
    FenceLanguage,

    /// <summary>After a backslash that escapes what needs no escape, or is between tokens.</summary>
    Backslash,

    /// <summary>Quotes that may be three.</summary>
    QuoteRun,

    /// <summary>After the root.</summary>
    After,

    /// <summary>At a bracket that would be too deep.</summary>
    Limit,
}

/// <summary>What a hypothesis remembers of what came before.</summary>
[Flags]
internal enum JsonReadingFlags : uint
{
    None = 0,

    /// <summary>An odd number of inner quotes has come in the string.</summary>
    IsInnerOpen = 1,

    /// <summary>An inner quote has come in the string.</summary>
    HasInner = 1 << 1,

    /// <summary>Nothing has come in the string yet.</summary>
    IsTextEmpty = 1 << 2,

    /// <summary>The number or literal that began last may be the beginning of a word.</summary>
    IsScalarOpen = 1 << 3,

    /// <summary>A newline has come since the last token.</summary>
    IsAfterNewline = 1 << 4,

    /// <summary>One level of escapes is taken off.</summary>
    IsUnescaping = 1 << 5,

    /// <summary>Quotes are doubled.</summary>
    AreQuotesDoubled = 1 << 6,

    /// <summary>In a comment or language, what it is has been reported. After the root, in quotes.</summary>
    IsReported = 1 << 7,

    /// <summary>A star has come last, or a letter of a language. After the root: something has.</summary>
    IsMarked = 1 << 8,

    /// <summary>What was repaired last is a byte left out.</summary>
    IsAfterSkip = 1 << 9,

    /// <summary>The last byte of the string is a control character without its escape.</summary>
    IsAfterControl = 1 << 10,

    /// <summary>Such a character has come in the string before its last byte.</summary>
    HasControl = 1 << 11,

    /// <summary>The string may be meant as another value, which its end decides.</summary>
    MayConvert = 1 << 12,

    /// <summary>A name has come without quotes; the next ones cost nothing more.</summary>
    HasBareName = 1 << 13,

    /// <summary>A string has come in quotes of another language.</summary>
    HasForeignQuotes = 1 << 14,

    /// <summary>Nothing but what the schema wants has been repaired.</summary>
    IsWellFormed = 1 << 15,

    /// <summary>Numbers have come without a comma between them.</summary>
    HasSpacedNumbers = 1 << 16,

    /// <summary>A string has come with quotes inside.</summary>
    HasQuotedText = 1 << 17,

    /// <summary>How the text is written.</summary>
    Styles = HasBareName | HasForeignQuotes | HasSpacedNumbers | HasQuotedText,

    /// <summary>What a string holds.</summary>
    Text = IsInnerOpen | HasInner | IsAfterControl | HasControl | MayConvert,
}
