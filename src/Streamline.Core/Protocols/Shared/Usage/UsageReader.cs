using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Streamline.Protocols.Shared;

/// <summary>Reads the token counts of a response, under the names of every provider. Reports are cumulative: a later one replaces what it has a number for.</summary>
internal sealed class UsageReader
{
    // Far more than any provider reports. What goes past them is not a count of tokens, and is left out.
    private const int MaxCounts = 1024;
    private const int MaxPathBytes = 256;

    private readonly List<UsageCount> _counts = [];
    private int _next;
    private int _report;
    private bool _isChanged;
    private bool _areAdditionalChanged;

    /// <summary>Gets the counts so far; <see langword="null"/> while none was reported.</summary>
    public TokenUsage? Current { get; private set; }

    /// <summary>Takes over a report.</summary>
    /// <param name="usage">The object with the counts.</param>
    /// <param name="total">All counts so far.</param>
    /// <returns>Whether a count changed.</returns>
    public bool TryUpdate(PayloadValue usage, [NotNullWhen(true)] out TokenUsage? total)
    {
        foreach (var member in usage.Members)
        {
            Add(member);
        }

        return TryTake(out total);
    }

    /// <summary>Takes over one member of a report, for protocols whose counts stand among other members. <see cref="TryTake"/> ends the report.</summary>
    /// <param name="member">The member.</param>
    public void Add(PayloadMember member)
    {
        var path = new UsagePath(stackalloc byte[MaxPathBytes]);
        if (path.TryAdd(member.Utf8Name))
        {
            Add(member.Value, ref path);
        }
    }

    /// <summary>Ends a report.</summary>
    /// <param name="total">All counts so far.</param>
    /// <returns>Whether a count changed.</returns>
    public bool TryTake([NotNullWhen(true)] out TokenUsage? total)
    {
        _report++;
        _next = 0;
        total = null;
        if (!_isChanged)
        {
            return false;
        }

        _isChanged = false;
        Current = total = Sum();
        return true;
    }

    /// <summary>Tells whether a report holds anything that is not a count, such as a price or the name of a tier.</summary>
    /// <param name="usage">The report, or a part of it.</param>
    public static bool HasMoreThanCounts(PayloadValue usage)
    {
        switch (usage.Kind)
        {
            case JsonValueKind.Object:
                return HasMoreThanCounts(usage.Members);
            case JsonValueKind.Array:
                foreach (var item in usage.Items)
                {
                    if (HasMoreThanCounts(item))
                    {
                        return true;
                    }
                }

                return false;
            case JsonValueKind.Undefined or JsonValueKind.Null:
                return false;
            default:
                return usage.GetInteger() is null;
        }
    }

    /// <summary>Tells whether a member of a report holds anything that is not a count.</summary>
    /// <param name="member">The member.</param>
    public static bool HasMoreThanCounts(PayloadMember member) =>
        HasMoreThanCounts(member.Value) && !member.NameEquals("modality"u8) && Count(member.Value, member.Utf8Name) is null;

    private static bool HasMoreThanCounts(PayloadMembers members)
    {
        foreach (var member in members)
        {
            if (HasMoreThanCounts(member))
            {
                return true;
            }
        }

        return false;
    }

    private void Add(PayloadValue value, ref UsagePath path)
    {
        var length = path.Length;
        switch (value.Kind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.Members)
                {
                    if (path.TryAdd(member.Utf8Name))
                    {
                        Add(member.Value, ref path);
                    }

                    path.Length = length;
                }

                break;
            case JsonValueKind.Array:
                AddItems(value, ref path);
                break;
            default:
                if (Count(value, path.Text) is { } count)
                {
                    Set(path.Text, count);
                }

                break;
        }
    }

    // Counts by modality are known by it and not by their position. Any other list is reported whole, so that what is left of a longer one is removed.
    private void AddItems(PayloadValue items, ref UsagePath path)
    {
        var length = path.Length;
        var index = 0;
        foreach (var item in items.Items)
        {
            if (item.NonEmptyText("modality"u8) is { } modality)
            {
                if (path.TryAdd(Encoding.UTF8.GetBytes(modality)) && (item.Member("tokenCount"u8).GetCount() ?? item.Member("token_count"u8).GetCount()) is { } count)
                {
                    Set(path.Text, count);
                }
            }
            else if (path.TryAdd(index))
            {
                Add(item, ref path);
            }

            path.Length = length;
            index++;
        }

        RemoveStaleItems(path.Text);
    }

    private void RemoveStaleItems(ReadOnlySpan<byte> list)
    {
        for (var i = _counts.Count - 1; i >= 0; i--)
        {
            if (_counts[i].Report != _report && _counts[i].IsItemOf(list))
            {
                _counts.RemoveAt(i);
                _isChanged = _areAdditionalChanged = true;
            }
        }
    }

    private void Set(ReadOnlySpan<byte> path, long value)
    {
        var count = Find(path);
        if (count is null)
        {
            if (_counts.Count == MaxCounts)
            {
                return;
            }

            _counts.Add(count = new UsageCount(path) { Value = value });
            _next = _counts.Count;
            _isChanged = _areAdditionalChanged = true;
        }
        else if (count.Value != value && !(value == 0 && count.Spelling.Field != UsageField.Additional))
        {
            // Cumulative counts do not fall back to zero: that is a placeholder.
            count.Value = value;
            _isChanged = true;
            _areAdditionalChanged |= Picked(count.Spelling.Field) != count;
        }

        count.Report = _report;
    }

    // Reports repeat their counts in the same order.
    private UsageCount? Find(ReadOnlySpan<byte> path)
    {
        for (var i = 0; i < _counts.Count; i++)
        {
            var at = (_next + i) % _counts.Count;
            if (_counts[at].IsAt(path))
            {
                _next = at + 1;
                return _counts[at];
            }
        }

        return null;
    }

    private TokenUsage Sum()
    {
        var (input, output) = (Picked(UsageField.Input), Picked(UsageField.Output));
        var (cached, written, reasoning) = (Picked(UsageField.CachedInput), Picked(UsageField.CacheWrite), Picked(UsageField.Reasoning));
        var prompt = Plus(Plus(input?.Value, input, cached), input, written);
        var answer = Plus(output?.Value, output, reasoning);
        return new TokenUsage
        {
            InputTokens = prompt,
            OutputTokens = answer,
            TotalTokens = Picked(UsageField.Total)?.Value ?? (prompt + answer),
            CachedInputTokens = cached?.Value,
            CacheWriteTokens = written?.Value,
            ReasoningTokens = reasoning?.Value,
            AdditionalCounts = AdditionalCounts(),
        };
    }

    // Some providers count a part beside the whole, which is then to be added to it.
    private static long? Plus(long? sum, UsageCount? whole, UsageCount? part) =>
        part is { Spelling.IsBeside: true } && whole is null or { Spelling.IsBeside: true } ? (sum ?? 0) + part!.Value : sum;

    private UsageCount? Picked(UsageField field)
    {
        UsageCount? picked = null;
        foreach (var count in _counts)
        {
            if (count.Spelling.Field == field && field != UsageField.Additional && (picked is null || count.Spelling.Rank < picked.Spelling.Rank))
            {
                picked = count;
            }
        }

        return picked;
    }

    private IReadOnlyDictionary<string, long>? AdditionalCounts()
    {
        if (!_areAdditionalChanged)
        {
            return Current?.AdditionalCounts;
        }

        _areAdditionalChanged = false;
        Dictionary<string, long>? additional = null;
        foreach (var count in _counts)
        {
            if (Picked(count.Spelling.Field) != count)
            {
                (additional ??= new(StringComparer.Ordinal))[count.Path] = count.Value;
            }
        }

        return additional;
    }

    // Any integer is a count. In another form, such as 3.0 or "3", a number is one only by its name: it may as well be a price.
    private static long? Count(PayloadValue value, ReadOnlySpan<byte> path) => value.GetInteger() ?? (IsNameOfCount(path) ? value.GetCount() : null);

    private static bool IsNameOfCount(ReadOnlySpan<byte> path) =>
        path.EndsWith("tokens"u8) || path.EndsWith("Tokens"u8) || path.EndsWith("count"u8) || path.EndsWith("Count"u8) || path.EndsWith("_duration"u8);
}
