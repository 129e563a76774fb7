namespace Streamline.Json;

/// <summary>One repair of a hypothesis: what is written in place of some bytes of the text. The edits of a hypothesis are a list that it shares with those that it was forked from.</summary>
/// <param name="Parent">The edit before it, or -1.</param>
/// <param name="Offset">Where in the text as received it begins.</param>
/// <param name="Length">How many bytes of the text it replaces.</param>
/// <param name="Action">What is written instead.</param>
/// <param name="Argument">A byte that the action needs.</param>
/// <param name="Kind">How it is reported; <see langword="null"/> for what belongs to an edit before it.</param>
/// <param name="IsGuess">Whether the text has other readings here.</param>
/// <param name="Json">What an action writes that is not made of the text.</param>
internal readonly record struct JsonEdit(int Parent, long Offset, int Length, JsonEditAction Action, byte Argument, PartialJsonRepairKind? Kind, bool IsGuess, byte[]? Json = null)
{
    /// <summary>The argument for a word that is a name.</summary>
    public const byte Name = 1;

    /// <summary>The argument for a word that is a value, at the end of the text.</summary>
    public const byte ValueAtEnd = 2;

    /// <summary>The argument for a word that is the beginning of a text.</summary>
    public const byte TextThatContinues = 3;

    /// <summary>A value that is missing, and a space that ends it.</summary>
    public static readonly byte[] Null = "null "u8.ToArray();

    /// <summary>A name that is missing.</summary>
    public static readonly byte[] EmptyName = "\"\""u8.ToArray();

    /// <summary>A backslash that is text.</summary>
    public static readonly byte[] Backslash = "\\\\"u8.ToArray();
}

/// <summary>What an edit writes.</summary>
internal enum JsonEditAction : byte
{
    /// <summary>Nothing: the bytes are left out.</summary>
    Skip,

    /// <summary>The argument.</summary>
    Write,

    /// <summary>The byte at that place, escaped.</summary>
    Escape,

    /// <summary>U+FFFD.</summary>
    WriteReplacement,

    /// <summary>Nothing, and the comma before it is taken back.</summary>
    RemoveComma,

    /// <summary>A name or value for a word without quotes.</summary>
    WriteWord,

    /// <summary>As a string what stood without its opening quote.</summary>
    WriteText,

    /// <summary>JSON that is not made of the text.</summary>
    WriteJson,

    /// <summary>The two bytes, the other way round.</summary>
    Swap,

    /// <summary>The root ends here.</summary>
    EndRoot,
}
