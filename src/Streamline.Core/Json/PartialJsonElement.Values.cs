using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Streamline.Json;

/// <content>Strings, booleans and raw text.</content>
public readonly partial struct PartialJsonElement
{
    /// <summary>Gets the text of a string, as far as it has arrived.</summary>
    /// <returns>
    /// Whole characters only: never half an escape or half a surrogate pair. A lone surrogate is U+FFFD. <see langword="null"/> for
    /// <see cref="JsonValueKind.Null"/> and <see cref="JsonValueKind.Undefined"/>.
    /// </returns>
    /// <exception cref="InvalidOperationException">The value is neither a string nor null.</exception>
    public string? GetString() => ValueKind switch
    {
        JsonValueKind.String => JsonText.GetString(_snapshot.GetRawText(_row)),
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => throw WrongKind(nameof(JsonValueKind.String), nameof(GetString)),
    };

    /// <summary>Gets the text of a string, as far as it has arrived.</summary>
    /// <param name="value">The text, as <see cref="GetString"/> gives it; <see langword="null"/> when there is none.</param>
    /// <returns><see langword="false"/> when the value is not a string.</returns>
    public bool TryGetString([NotNullWhen(true)] out string? value)
    {
        value = ValueKind == JsonValueKind.String ? JsonText.GetString(_snapshot.GetRawText(_row)) : null;
        return value is not null;
    }

    /// <summary>Compares the text of a string, as far as it has arrived.</summary>
    /// <param name="text">The text to compare with, ordinally, without escapes.</param>
    /// <returns><see langword="false"/> when the text differs or the value is not a string.</returns>
    public bool ValueEquals(ReadOnlySpan<char> text)
    {
        if (Encoding.UTF8.GetMaxByteCount(text.Length) <= StackNameBytes)
        {
            Span<byte> utf8Text = stackalloc byte[StackNameBytes];
            return ValueEquals(utf8Text[..Encoding.UTF8.GetBytes(text, utf8Text)]);
        }

        using var buffer = new PooledBytes(Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, buffer.Span);
        return ValueEquals(buffer.Span);
    }

    /// <summary>Compares the text of a string, as far as it has arrived.</summary>
    /// <param name="utf8Text">The text to compare with, in UTF-8, without escapes.</param>
    /// <returns><see langword="false"/> when the text differs or the value is not a string.</returns>
    public bool ValueEquals(ReadOnlySpan<byte> utf8Text) =>
        ValueKind == JsonValueKind.String && JsonText.Equals(_snapshot.GetRawText(_row), utf8Text);

    /// <summary>Gets a boolean.</summary>
    /// <param name="value">The value, or <see langword="false"/>.</param>
    /// <returns><see langword="false"/> when the value is neither true nor false.</returns>
    public bool TryGetBoolean(out bool value)
    {
        value = ValueKind == JsonValueKind.True;
        return value || ValueKind == JsonValueKind.False;
    }

    /// <summary>Gets a boolean.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The value is neither true nor false.</exception>
    public bool GetBoolean() => ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw WrongKind("True or False", nameof(GetBoolean)),
    };

    /// <summary>Gets the text of the value as it was written, as far as it is decided.</summary>
    /// <returns>Not well-formed unless the value is complete. Empty for <see cref="JsonValueKind.Undefined"/>.</returns>
    public string GetRawText() => Encoding.UTF8.GetString(GetRawUtf8());

    /// <summary>Gets the UTF-8 bytes of the value as they were written, as far as they are decided.</summary>
    /// <returns>Not well-formed unless the value is complete. Empty for <see cref="JsonValueKind.Undefined"/>. Never changes.</returns>
    public ReadOnlySpan<byte> GetRawUtf8() => HasValue ? _snapshot.GetRaw(_row) : default;
}
