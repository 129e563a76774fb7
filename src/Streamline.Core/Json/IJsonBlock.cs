namespace Streamline.Json;

/// <summary>The next bytes of a text, as many as are looked at together.</summary>
/// <typeparam name="TSelf">The block itself: a structure, so that the calls are inlined.</typeparam>
internal interface IJsonBlock<TSelf>
    where TSelf : struct, IJsonBlock<TSelf>, allows ref struct
{
    /// <summary>How many bytes the block has.</summary>
    int Count { get; }

    /// <summary>Looks at the bytes from a position on.</summary>
    static abstract TSelf Create(ReadOnlySpan<byte> bytes, int position);

    /// <summary>Moves to the next byte that is not plain text in a string: a quote, a backslash, a control character, or a part of a longer character.</summary>
    bool TryFindTextStop(ref int at);

    /// <summary>Moves to the next byte that is not whitespace.</summary>
    bool TryFindToken(ref int at);

    /// <summary>Moves to the next byte that is not a digit.</summary>
    bool TryFindNoDigit(ref int at);
}
