namespace Streamline.Protocols.Shared;

/// <summary>Reports what a provider says besides the answer: once, and again only when it changes, because most of it stands in every payload.</summary>
internal sealed class MetadataReporter(DecoderOutput output)
{
    // Values beyond these bounds are reported each time they come, and not kept.
    private const int MaxNames = 64;
    private const int MaxKeptBytes = 64 * 1024;

    private Dictionary<string, byte[]>? _last;

    /// <summary>Reports a value unless it is empty or the same as before.</summary>
    /// <param name="name">The name to report it under.</param>
    /// <param name="value">The value.</param>
    /// <param name="index">The block that it belongs to; <see langword="null"/> for the response.</param>
    public void Report(string name, PayloadValue value, int? index = null) => ReportAs(name, name, value, index);

    /// <summary>Reports a value unless it is empty or the same as before under a key.</summary>
    /// <param name="key">What the value is compared by.</param>
    /// <param name="name">The name to report it under.</param>
    /// <param name="value">The value.</param>
    /// <param name="index">The block that it belongs to; <see langword="null"/> for the response.</param>
    public void ReportAs(string key, string name, PayloadValue value, int? index)
    {
        if (value.IsEmpty())
        {
            return;
        }

        var text = value.RawBytes;
        _last ??= new(StringComparer.Ordinal);
        if (_last.TryGetValue(key, out var last) && text.SequenceEqual(last))
        {
            return;
        }

        if (text.Length <= MaxKeptBytes && (last is not null || _last.Count < MaxNames))
        {
            _last[key] = text.ToArray();
        }

        Pass(name, value, index);
    }

    /// <summary>Reports a value each time: it belongs to this payload alone.</summary>
    public void Pass(string name, PayloadValue value, int? index) =>
        output.Emit(new ProviderMetadata { Name = name, Value = value.ToElement(), Index = index });
}
