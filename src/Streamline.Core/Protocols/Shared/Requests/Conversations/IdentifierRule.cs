using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;

namespace Streamline.Protocols.Shared;

/// <summary>The form that a provider requires of ids or names, and how any other text is brought into it.</summary>
/// <remarks>The same text always gives the same identifier. A hash takes the place of what does not fit, so that different texts stay different.</remarks>
internal sealed record IdentifierRule
{
    private const int HashLength = 16;

    /// <summary>Gets ASCII letters, digits, <c>_</c> and <c>-</c>.</summary>
    public static SearchValues<char> Word { get; } = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    /// <summary>Gets the same, and <c>.</c>.</summary>
    public static SearchValues<char> DottedWord { get; } = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.");

    /// <summary>Gets white space, <c>&lt;</c>, <c>&gt;</c>, <c>|</c>, <c>\</c> and <c>/</c>.</summary>
    public static SearchValues<char> SpacesAndBrackets { get; } =
        SearchValues.Create([.. Enumerable.Range(0, char.MaxValue + 1).Select(value => (char)value).Where(char.IsWhiteSpace), .. "\uFEFF<>|\\/"]);

    /// <summary>Gets what takes the place of an empty identifier.</summary>
    public required string Fallback { get; init; }

    /// <summary>Gets the characters that are accepted; any other becomes <c>_</c>. <see langword="null"/> for all.</summary>
    public SearchValues<char>? Characters { get; init; }

    /// <summary>Gets the characters that are refused; each becomes <c>_</c>. <see langword="null"/> for none.</summary>
    public SearchValues<char>? Refused { get; init; }

    /// <summary>Gets the maximum length, in characters.</summary>
    public int MaxLength { get; init; } = int.MaxValue;

    /// <summary>Gets a value indicating whether the first character must be a letter or <c>_</c>.</summary>
    public bool StartsWithLetter { get; init; }

    /// <summary>Gets the one length that is accepted, of ASCII letters and digits only; <see langword="null"/> when the other members apply.</summary>
    public int? ExactLength { get; init; }

    /// <summary>Gets an identifier of the required form: the text itself when it has that form.</summary>
    public string Fit(string text)
    {
        if (ExactLength is { } length)
        {
            return text.Length == length && text.All(char.IsAsciiLetterOrDigit) ? text : Hash(text, length);
        }

        var trimmed = text.Trim();
        var id = trimmed.Length == 0 ? Fallback : trimmed.Length == text.Length ? text : trimmed;
        if (Characters is { } accepted && id.AsSpan().ContainsAnyExcept(accepted))
        {
            id = string.Create(id.Length, (id, accepted), static (fitted, source) => source.id.AsSpan().ReplaceAnyExcept(fitted, source.accepted, '_'));
        }

        if (Refused is { } refused && id.AsSpan().ContainsAny(refused))
        {
            id = string.Create(id.Length, (id, refused), static (fitted, source) => source.id.AsSpan().ReplaceAny(fitted, source.refused, '_'));
        }

        if (StartsWithLetter && !char.IsAsciiLetter(id[0]) && id[0] != '_')
        {
            id = "_" + id;
        }

        return id.Length > MaxLength ? $"{id.AsSpan(0, MaxLength - HashLength - 1)}_{Hash(text, HashLength)}" : id;
    }

    /// <summary>Gets another identifier of the required form for the same text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="number">Which one, from 2 on.</param>
    public string Vary(string text, int number)
    {
        var suffix = string.Create(CultureInfo.InvariantCulture, $"_{number}");
        if (ExactLength is { } length)
        {
            return Hash(text + suffix, length);
        }

        var id = Fit(text);
        return string.Concat(id.AsSpan(0, Math.Min(id.Length, MaxLength - suffix.Length)), suffix);
    }

    private static string Hash(string text, int length) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..length];
}
