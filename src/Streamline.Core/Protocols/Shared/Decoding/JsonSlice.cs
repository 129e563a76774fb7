namespace Streamline.Protocols.Shared;

/// <summary>The place of the body of a JSON string in a payload, without its quotes.</summary>
/// <param name="Start">The offset of the byte after the opening quote.</param>
/// <param name="Length">The length in bytes. Empty together with a <paramref name="Start"/> of 0 means that there is no such string.</param>
/// <param name="IsEscaped">Whether the body holds a backslash.</param>
internal readonly record struct JsonSlice(int Start, int Length, bool IsEscaped)
{
    public bool Exists => Start > 0;

    public int End => Start + Length;

    /// <summary>Tells whether a place is within.</summary>
    public bool Holds(int position) => position >= Start && position < End;

    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> payload) => payload.Slice(Start, Length);
}
