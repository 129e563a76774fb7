using System.Collections.Frozen;

namespace Streamline.Protocols.Shared;

/// <summary>A table whose words are found however a provider writes them: <c>MAX_TOKENS</c>, <c>max_tokens</c>, <c>maxTokens</c> and <c>max-tokens</c> are one word.</summary>
/// <typeparam name="T">What a word stands for.</typeparam>
internal sealed class WordTable<T>
    where T : struct
{
    // Longer than any word of a provider. A longer one is unknown.
    private const int MaxLength = 64;

    private readonly FrozenDictionary<string, T>.AlternateLookup<ReadOnlySpan<char>> _values;

    /// <param name="rows">What is meant, and the words for it, separated by blanks.</param>
    public WordTable(params ReadOnlySpan<(T Value, string Words)> rows)
    {
        var values = new Dictionary<string, T>(StringComparer.Ordinal);
        Span<char> key = stackalloc char[MaxLength];
        foreach (var (value, words) in rows)
        {
            foreach (var word in words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                values.Add(new string(key[..Simplify(word, key)]), value);
            }
        }

        _values = values.ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Finds a word.</summary>
    /// <param name="word">The word as the provider wrote it.</param>
    /// <param name="optionalEndings">Endings that the word may have beyond its entry, in lower case.</param>
    /// <returns><see langword="null"/> for a word that is not in the table.</returns>
    public T? Find(ReadOnlySpan<char> word, params ReadOnlySpan<string> optionalEndings)
    {
        Span<char> buffer = stackalloc char[MaxLength];
        ReadOnlySpan<char> key = buffer[..Simplify(word, buffer)];
        if (_values.TryGetValue(key, out var value))
        {
            return value;
        }

        foreach (var ending in optionalEndings)
        {
            if (key.EndsWith(ending) && _values.TryGetValue(key[..^ending.Length], out value))
            {
                return value;
            }
        }

        return null;
    }

    private static int Simplify(ReadOnlySpan<char> word, Span<char> key)
    {
        var length = 0;
        foreach (var character in word)
        {
            if (character is '_' or '-' or ' ' or '.')
            {
                continue;
            }

            if (length == key.Length)
            {
                return 0;
            }

            key[length++] = char.ToLowerInvariant(character);
        }

        return length;
    }
}
