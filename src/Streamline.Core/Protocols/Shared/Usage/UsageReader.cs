using System.Diagnostics.CodeAnalysis;

namespace Streamline.Protocols.Shared;

/// <summary>Reads the token counts of a response, under the names of every provider. Reports are cumulative: a later one replaces what it has a number for.</summary>
internal sealed class UsageReader
{
    // Far more than any provider reports. What goes past them is not a count of tokens, and is left out.
    private const int MaxCounts = 1024;
    private const int MaxPathBytes = 256;
    private const int InitialCounts = 8;

    private UsageCount[] _counts = [];
    private int _count;
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
        if (_counts.Length == 0)
        {
            _counts = new UsageCount[Math.Min(MaxCounts, usage.RowCount / 2)];
        }

        var path = new UsagePath(stackalloc byte[MaxPathBytes]);
        foreach (var member in usage.Members)
        {
            Add(member, ref path);
        }

        return TryTake(out total);
    }

    /// <summary>Takes over one member of a report, for protocols whose counts stand among other members. <see cref="TryTake"/> ends the report.</summary>
    /// <param name="member">The member.</param>
    public void Add(PayloadMember member)
    {
        var path = new UsagePath(stackalloc byte[MaxPathBytes]);
        Add(member, ref path);
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

    private void Add(PayloadMember member, ref UsagePath path)
    {
        var length = path.Length;
        if (path.TryAdd(member.Utf8Name))
        {
            Add(member.Value, ref path);
        }

        path.Length = length;
    }

    private void Add(PayloadValue value, ref UsagePath path)
    {
        switch (value.Kind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.Members)
                {
                    Add(member, ref path);
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
                if (path.TryAdd(Encoding.UTF8.GetBytes(modality)) && CountOf(item) is { } count)
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

    private static long? CountOf(PayloadValue item) =>
        item.Member("tokenCount"u8).GetCount() ?? item.Member("token_count"u8).GetCount() ?? item.Member("tokens"u8).GetCount();

    private void RemoveStaleItems(ReadOnlySpan<byte> list)
    {
        var kept = 0;
        for (var i = 0; i < _count; i++)
        {
            if (_counts[i].Report == _report || !_counts[i].Name.IsItemOf(list))
            {
                _counts[kept++] = _counts[i];
            }
        }

        _isChanged |= kept < _count;
        _areAdditionalChanged |= kept < _count;
        _count = kept;
    }

    private void Set(ReadOnlySpan<byte> path, long value)
    {
        var at = Find(path);
        if (at < 0)
        {
            Add(UsageName.Of(path), value);
            return;
        }

        ref var count = ref _counts[at];
        count.Report = _report;

        // Cumulative counts do not fall back to zero: that is a placeholder.
        if (count.Value != value && !(value == 0 && count.Field != UsageField.Additional))
        {
            count.Value = value;
            _isChanged = true;
            _areAdditionalChanged |= count.IsAdditional;
        }
    }

    private void Add(UsageName name, long value)
    {
        if (_count == MaxCounts)
        {
            return;
        }

        if (_count == _counts.Length)
        {
            Array.Resize(ref _counts, Math.Max(InitialCounts, 2 * _count));
        }

        _counts[_count++] = new UsageCount { Name = name, Value = value, Report = _report };
        _next = _count;
        _isChanged = _areAdditionalChanged = true;
    }

    // Reports repeat their counts in the same order.
    private int Find(ReadOnlySpan<byte> path)
    {
        for (var i = 0; i < _count; i++)
        {
            var at = _next + i < _count ? _next + i : (_next + i) % _count;
            if (_counts[at].Name.IsAt(path))
            {
                _next = at + 1;
                return at;
            }
        }

        return -1;
    }

    private TokenUsage Sum()
    {
        Span<int> picked = stackalloc int[(int)UsageField.Reasoning + 1];
        Pick(picked);
        var (input, output) = (At(picked, UsageField.Input), At(picked, UsageField.Output));
        var (cached, written, reasoning) = (At(picked, UsageField.CachedInput), At(picked, UsageField.CacheWrite), At(picked, UsageField.Reasoning));
        var prompt = Plus(Plus(input?.Value, input, cached), input, written);
        var answer = Plus(output?.Value, output, reasoning);
        var total = At(picked, UsageField.Total)?.Value;
        if (reasoning is { Value: > 0 } && answer == output?.Value && total == prompt + answer + reasoning.Value.Value)
        {
            // The name says that the reasoning is a part of the output; the total says that it is counted beside it.
            answer += reasoning.Value.Value;
        }

        return new TokenUsage
        {
            InputTokens = prompt,
            OutputTokens = answer,
            TotalTokens = total ?? (prompt + answer),
            CachedInputTokens = cached?.Value,
            CacheWriteTokens = written?.Value,
            ReasoningTokens = reasoning?.Value,
            AdditionalCounts = AdditionalCounts(picked),
        };
    }

    // Some providers count a part beside the whole, which is then to be added to it.
    private static long? Plus(long? sum, UsageCount? whole, UsageCount? part) =>
        part is { Name.Spelling.IsBeside: true } && whole is null or { Name.Spelling.IsBeside: true } ? (sum ?? 0) + part!.Value.Value : sum;

    /// <summary>Finds the count that each field is read from: of several, the one whose spelling ranks first.</summary>
    private void Pick(Span<int> picked)
    {
        picked.Fill(-1);
        for (var i = 0; i < _count; i++)
        {
            var field = (int)_counts[i].Field;
            if (field != (int)UsageField.Additional && (picked[field] < 0 || _counts[i].Name.Spelling.Rank < _counts[picked[field]].Name.Spelling.Rank))
            {
                picked[field] = i;
            }
        }
    }

    private UsageCount? At(ReadOnlySpan<int> picked, UsageField field) => picked[(int)field] is >= 0 and var at ? _counts[at] : null;

    private IReadOnlyDictionary<string, long>? AdditionalCounts(ReadOnlySpan<int> picked)
    {
        if (!_areAdditionalChanged)
        {
            return Current?.AdditionalCounts;
        }

        _areAdditionalChanged = false;
        var length = 0;
        for (var i = 0; i < _count; i++)
        {
            _counts[i].IsAdditional = picked[(int)_counts[i].Field] != i;
            length += _counts[i].IsAdditional ? 1 : 0;
        }

        return length == 0 ? null : new UsageCounts(_counts.AsSpan(0, _count), length);
    }

    // Any integer is a count. In another form, such as 3.0 or "3", a number is one only by its name: it may as well be a price.
    private static long? Count(PayloadValue value, ReadOnlySpan<byte> path) => value.GetInteger() ?? (IsNameOfCount(path) ? value.GetCount() : null);

    private static bool IsNameOfCount(ReadOnlySpan<byte> path) =>
        path.EndsWith("tokens"u8) || path.EndsWith("Tokens"u8) || path.EndsWith("count"u8) || path.EndsWith("Count"u8) || path.EndsWith("_duration"u8);
}
