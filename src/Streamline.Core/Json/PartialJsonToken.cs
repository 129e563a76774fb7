using System.Text.Json;

namespace Streamline.Json;

/// <summary>A JSON token, or the fragment of a string, property name or number that one input span held.</summary>
/// <remarks>Borrows the span that was read; valid as long as that span is.</remarks>
public readonly ref struct PartialJsonToken
{
    internal PartialJsonToken(JsonTokenType type, ReadOnlySpan<byte> value, long offset, bool isFirst = true, bool isFinal = true)
    {
        Type = type;
        Value = value;
        Offset = offset;
        IsFirst = isFirst;
        IsFinal = isFinal;
    }

    /// <summary>Gets what the token is.</summary>
    /// <value><see cref="JsonTokenType.None"/> when nothing was read. <see cref="JsonTokenType.Comment"/> never occurs.</value>
    public JsonTokenType Type { get; }

    /// <summary>Gets the UTF-8 bytes of a string, property name or number as they were written, escapes included and quotes left out.</summary>
    /// <value>Empty for every other token. The values of a token's fragments, joined, are the whole token.</value>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>Gets the offset at which the token, or this fragment of it, starts, in bytes from the start of the text.</summary>
    /// <value>The offset of the opening quote when the fragment holds one.</value>
    public long Offset { get; }

    /// <summary>Gets a value indicating whether this is the whole token or its first fragment.</summary>
    public bool IsFirst { get; }

    /// <summary>Gets a value indicating whether this is the whole token or its last fragment.</summary>
    public bool IsFinal { get; }
}
