namespace Streamline.Protocols.Shared;

/// <summary>Reports what a provider says besides the answer: once, and again only when it changes, because most of it is repeated in every payload.</summary>
internal sealed class MetadataReporter(DecoderOutput output)
{
    // Values beyond these bounds are reported each time they come, and not kept.
    private const int MaxNames = 64;
    private const int MaxKeptBytes = 64 * 1024;

    private List<Entry>? _reported;
    private int _next;

    /// <summary>Reports a member of a payload under its own name unless it is empty or the same as before.</summary>
    /// <param name="member">The member.</param>
    /// <param name="index">The block that it belongs to; <see langword="null"/> for the response.</param>
    public void Report(PayloadMember member, int? index = null) => Report("", member, index);

    /// <summary>Reports a member of a payload unless it is empty or the same as before.</summary>
    /// <param name="prefix">What its name begins with.</param>
    /// <param name="member">The member.</param>
    /// <param name="index">The block that it belongs to; <see langword="null"/> for the response.</param>
    /// <param name="scope">Distinguishes values of one name that are compared apart.</param>
    public void Report(string prefix, PayloadMember member, int? index, long? scope = null)
    {
        var value = member.Value;
        if (value.IsEmpty())
        {
            return;
        }

        var name = member.Utf8Name;
        var entry = Find(prefix, name, scope);
        if (entry is null)
        {
            var (utf8Name, text) = TextCache.GetBoth(name);
            entry = new Entry(prefix, utf8Name, text, scope);
            Keep(entry);
        }

        Report(entry, value, index);
    }

    /// <summary>Reports the members of an object, except those that are known.</summary>
    /// <param name="prefix">What their names begin with.</param>
    /// <param name="holder">The object; of any other value, there are none.</param>
    /// <param name="known">The names of those that are known.</param>
    /// <param name="index">The block that they belong to; <see langword="null"/> for the response.</param>
    /// <param name="scope">Distinguishes values of one name that are compared apart.</param>
    public void ReportOthers(string prefix, PayloadValue holder, PayloadNames known, int? index = null, long? scope = null)
    {
        foreach (var member in holder.Members)
        {
            if (!known.Contains(member))
            {
                Report(prefix, member, index, scope);
            }
        }
    }

    /// <summary>Reports a value unless it is empty or the same as before.</summary>
    /// <param name="name">The name to report it under.</param>
    /// <param name="value">The value.</param>
    /// <param name="index">The block that it belongs to; <see langword="null"/> for the response.</param>
    public void Report(string name, PayloadValue value, int? index = null)
    {
        if (value.IsEmpty())
        {
            return;
        }

        var entry = Find(name);
        if (entry is null)
        {
            entry = new Entry("", utf8Name: null, name, scope: null);
            Keep(entry);
        }

        Report(entry, value, index);
    }

    /// <summary>Reports a value each time: it belongs to this payload alone.</summary>
    public void Pass(string name, PayloadValue value, int? index) => output.Pass(name, value, index);

    private void Report(Entry entry, PayloadValue value, int? index)
    {
        var text = value.RawBytes;
        if (entry.Last is { } last && text.SequenceEqual(last.Utf8))
        {
            return;
        }

        if (entry.HasReported)
        {
            // A payload with the value from before reports a change.
            output.ForgetShapes();
        }

        entry.HasReported = true;
        var json = value.ToRaw();
        entry.Last = text.Length <= MaxKeptBytes ? json : null;
        output.Emit(new ProviderMetadata(entry.Name, json, index));
    }

    private void Keep(Entry entry)
    {
        _reported ??= [];
        if (_reported.Count < MaxNames)
        {
            _reported.Add(entry);
            _next = _reported.Count;
        }
    }

    private Entry? Find(string name)
    {
        for (var i = 0; i < _reported?.Count; i++)
        {
            if (_reported[i].Utf8Name is null && _reported[i].Name == name)
            {
                return _reported[i];
            }
        }

        return null;
    }

    // Payloads repeat their members in the same order.
    private Entry? Find(string prefix, ReadOnlySpan<byte> name, long? scope)
    {
        for (var i = 0; i < _reported?.Count; i++)
        {
            var at = (_next + i) % _reported.Count;
            if (_reported[at].Is(prefix, name, scope))
            {
                _next = at + 1;
                return _reported[at];
            }
        }

        return null;
    }

    private sealed class Entry(string prefix, byte[]? utf8Name, string name, long? scope)
    {
        public string Name { get; } = prefix.Length == 0 ? name : prefix + name;

        public byte[]? Utf8Name => utf8Name;

        public RawJson? Last { get; set; }

        public bool HasReported { get; set; }

        public bool Is(string otherPrefix, ReadOnlySpan<byte> otherName, long? otherScope) =>
            utf8Name is not null && otherName.SequenceEqual(utf8Name) && scope == otherScope && prefix == otherPrefix;
    }
}
