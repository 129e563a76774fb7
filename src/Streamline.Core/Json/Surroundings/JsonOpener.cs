using System.Buffers;
using System.Text;

namespace Streamline.Json;

/// <summary>Decides from what follows a bracket or brace in prose whether it begins a document.</summary>
internal static class JsonOpener
{
    private const int MaxBytes = 64;

    // What a label such as "[Note]" does not have inside, and what does not come after one.
    private static readonly SearchValues<byte> LabelStops = SearchValues.Create("],{[(\"\r\n"u8);
    private static readonly SearchValues<byte> ListFollowers = SearchValues.Create(",;}])\"'/#"u8);

    /// <summary>Whether a bracket in prose, after the byte, is likely to begin a document.</summary>
    public static bool IsPlainPlace(byte before) => before is (byte)':' or (byte)'=' or (byte)'(' or (byte)'>';

    /// <summary>Decides.</summary>
    /// <param name="text">The bracket, and what follows it.</param>
    /// <param name="isPlainPlace">Whether a document is likely to begin here: at the start of a line, or after a colon.</param>
    /// <returns><see langword="null"/> as long as more has to come.</returns>
    public static bool? LooksLikeDocument(ReadOnlySpan<byte> text, bool isPlainPlace)
    {
        var rest = text[1..].TrimStart(" \t\r\n"u8);
        if (text.Length > MaxBytes)
        {
            return rest.IsEmpty || text[0] == (byte)'[' || !char.IsAsciiLetter((char)rest[0]);
        }

        return rest.IsEmpty ? null : text[0] == (byte)'[' ? LooksLikeArray(rest, isPlainPlace) : LooksLikeObject(rest, isPlainPlace);
    }

    private static bool? LooksLikeObject(ReadOnlySpan<byte> rest, bool isPlainPlace)
    {
        if (!char.IsAsciiLetter((char)rest[0]) && rest[0] != (byte)'_')
        {
            return rest[0] is (byte)'"' or (byte)'\'' or (byte)'}' or (byte)'\\' or (byte)'/' or 0xE2 || (isPlainPlace && rest[0] != (byte)'{');
        }

        var last = rest[^1];
        return char.IsAsciiLetterOrDigit((char)last) || last is (byte)'_' or (byte)'-' or (byte)' ' ? null : last is (byte)':' or (byte)'"';
    }

    // A word in brackets is an array or a label: what follows it tells.
    private static bool? LooksLikeArray(ReadOnlySpan<byte> rest, bool isPlainPlace)
    {
        if (IsOpener(rest[0]) || !isPlainPlace)
        {
            return IsOpener(rest[0]);
        }

        var status = Rune.DecodeFromUtf8(rest, out var first, out _);
        if (status != OperationStatus.Done || !Rune.IsLetter(first))
        {
            return status == OperationStatus.NeedMoreData ? null : true;
        }

        var end = rest.IndexOfAny(LabelStops);
        if (end < 0)
        {
            return null;
        }

        var behind = rest[(end + 1)..].TrimStart(" \t\r\n"u8);
        return rest[end] != (byte)']' || JsonBareWord.IsScalar(JsonBareWord.TrimEnd(rest[..end])) ? true : behind.IsEmpty ? null : IsListFollower(behind);
    }

    private static bool? IsListFollower(ReadOnlySpan<byte> behind)
    {
        if (behind[0] != (byte)'[')
        {
            return ListFollowers.Contains(behind[0]);
        }

        var inside = behind[1..].TrimStart(" \t\r\n"u8);
        return inside.IsEmpty ? null : !IsOpener(inside[0]);
    }

    private static bool IsOpener(byte value) => value is (byte)'{' or (byte)'[' or (byte)'"' or (byte)'\'';
}
