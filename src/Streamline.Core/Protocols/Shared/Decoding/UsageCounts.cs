using System.Globalization;
using System.Text.Json;

namespace Streamline.Protocols.Shared;

/// <summary>Token counts as a wire reports them, by their paths in its usage object. A later report replaces what it has a number for.</summary>
internal sealed class UsageCounts
{
    // Far more than any provider reports; what goes past it is no count of tokens, and is dropped.
    private const int MaxCounts = 1024;

    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>Gets the count with a path such as <c>output_tokens_details.thinking_tokens</c>; <see langword="null"/> when none was reported.</summary>
    public long? this[string path] => _counts.TryGetValue(path, out var count) ? count : null;

    /// <summary>Takes over every whole number of a report; null and missing members change nothing.</summary>
    /// <param name="usage">The usage object of a payload.</param>
    public void Merge(JsonElement usage) => Merge(usage, path: "");

    /// <summary>Gets the counts but for those that have a member of their own; <see langword="null"/> when there are none.</summary>
    /// <param name="named">The paths to leave out.</param>
    public IReadOnlyDictionary<string, long>? Except(params ReadOnlySpan<string> named)
    {
        Dictionary<string, long>? rest = null;
        foreach (var (path, count) in _counts)
        {
            if (!named.Contains(path))
            {
                (rest ??= new(StringComparer.Ordinal))[path] = count;
            }
        }

        return rest;
    }

    private void Merge(JsonElement value, string path)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    Merge(member.Value, path.Length == 0 ? member.Name : $"{path}.{member.Name}");
                }

                break;
            case JsonValueKind.Array:
                ReplaceItems(value, path);
                break;
            case JsonValueKind.Number when value.TryGetInt64(out var count) && (_counts.Count < MaxCounts || _counts.ContainsKey(path)):
                _counts[path] = count;
                break;
            default:
                break;
        }
    }

    // A list is reported whole: items of a longer one before must not stay behind it.
    private void ReplaceItems(JsonElement items, string path)
    {
        foreach (var stale in _counts.Keys.Where(key => key.StartsWith($"{path}[", StringComparison.Ordinal)).ToList())
        {
            _counts.Remove(stale);
        }

        foreach (var (index, item) in items.EnumerateArray().Index())
        {
            Merge(item, string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"));
        }
    }
}
