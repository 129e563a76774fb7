using System.Buffers.Binary;

namespace Streamline.Protocols.Shared;

/// <summary>
/// What is made of the words that providers repeat in every stream: types, names, models, reasons. The cache is bounded: a word takes the place of an older
/// one with the same hash, and long words are not kept.
/// </summary>
/// <typeparam name="T">What is made of a word; immutable.</typeparam>
/// <param name="create">Makes it.</param>
/// <remarks>Thread-safe: an entry is immutable, and a lost race only makes it again.</remarks>
internal sealed class WordCache<T>(Func<byte[], T> create)
{
    private const int SizeBits = 9;
    private const int MaxBytes = 96;
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    private readonly Entry?[] _entries = new Entry?[1 << SizeBits];

    /// <summary>Gets what is made of a word.</summary>
    /// <param name="utf8">The word in UTF-8.</param>
    public T Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaxBytes)
        {
            return create(utf8.ToArray());
        }

        // Two words of one hash have both a place.
        var place = Hash(utf8);
        var entry = _entries[place];
        if (entry is not null && utf8.SequenceEqual(entry.Utf8))
        {
            return entry.Value;
        }

        var other = _entries[place ^ 1];
        if (other is not null && utf8.SequenceEqual(other.Utf8))
        {
            return other.Value;
        }

        var word = utf8.ToArray();
        var created = new Entry(word, create(word));
        _entries[place ^ 1] = entry ?? other;
        _entries[place] = created;
        return created.Value;
    }

    // Words of a kind, such as the types of events, differ at their beginning, in the middle or at their end.
    private static int Hash(ReadOnlySpan<byte> utf8)
    {
        var hash = (ulong)utf8.Length;
        if (utf8.Length >= sizeof(ulong))
        {
            hash = (hash + BinaryPrimitives.ReadUInt64LittleEndian(utf8)) * Multiplier;
            hash = (hash + BinaryPrimitives.ReadUInt64LittleEndian(utf8[((utf8.Length - sizeof(ulong)) / 2)..])) * Multiplier;
            hash += BinaryPrimitives.ReadUInt64LittleEndian(utf8[^sizeof(ulong)..]);
        }
        else
        {
            foreach (var value in utf8)
            {
                hash = (hash * 31) + value;
            }
        }

        return (int)((hash * Multiplier) >> (64 - SizeBits));
    }

    private sealed record Entry(byte[] Utf8, T Value);
}

/// <summary>The strings of the words that providers repeat in every stream.</summary>
internal static class TextCache
{
    private static readonly WordCache<(byte[] Utf8, string Text)> Words = new(utf8 => (utf8, Encoding.UTF8.GetString(utf8)));

    /// <summary>Gets the string of a word.</summary>
    /// <param name="utf8">The word in UTF-8.</param>
    public static string Get(ReadOnlySpan<byte> utf8) => Words.Get(utf8).Text;

    /// <summary>Gets a copy of a word, and its string.</summary>
    /// <param name="utf8">The word in UTF-8.</param>
    public static (byte[] Utf8, string Text) GetBoth(ReadOnlySpan<byte> utf8) => Words.Get(utf8);
}
