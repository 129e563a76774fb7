namespace Streamline.Json;

/// <summary>What a parenthesis is that stands where a value does.</summary>
internal enum JsonParenthesisVerdict : byte
{
    /// <summary>More has to come.</summary>
    Undecided,

    /// <summary>It begins a tuple, which is an array.</summary>
    Tuple,

    /// <summary>It stands around a value.</summary>
    Group,

    /// <summary>It begins a text without quotes, as in <c>(555) 123-4567</c>.</summary>
    Text,
}
