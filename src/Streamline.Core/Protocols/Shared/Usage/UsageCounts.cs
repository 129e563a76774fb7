using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Streamline.Protocols.Shared;

/// <summary>A few counts by their names. A search through so few is as fast as a table, and takes a fraction of its memory.</summary>
internal sealed class UsageCounts : IReadOnlyDictionary<string, long>
{
    private readonly KeyValuePair<string, long>[] _counts;

    /// <param name="counts">The numbers of a report; every name is there once.</param>
    /// <param name="length">How many of them are additional.</param>
    public UsageCounts(ReadOnlySpan<UsageCount> counts, int length)
    {
        _counts = new KeyValuePair<string, long>[length];
        var next = 0;
        foreach (ref readonly var count in counts)
        {
            if (count.IsAdditional)
            {
                _counts[next++] = new(count.Name.Path, count.Value);
            }
        }
    }

    public int Count => _counts.Length;

    public IEnumerable<string> Keys => this.Select(count => count.Key);

    public IEnumerable<long> Values => this.Select(count => count.Value);

    public long this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"Found no count '{key}'.");

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out long value)
    {
        foreach (var count in _counts)
        {
            if (count.Key == key)
            {
                value = count.Value;
                return true;
            }
        }

        value = 0;
        return false;
    }

    public IEnumerator<KeyValuePair<string, long>> GetEnumerator() => _counts.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
