using System.Runtime.InteropServices;
using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIChat;

/// <summary>Passes on what the wire says besides the answer: once, and again only when it changes, for most of it stands in every chunk.</summary>
internal sealed class OpenAIChatMetadata(DecoderOutput output)
{
    // What goes past these is passed on every time it comes, and not kept.
    private const int MaxNames = 64;
    private const int MaxKeptBytes = 64 * 1024;

    private readonly Dictionary<string, byte[]> _last = new(StringComparer.Ordinal);

    /// <summary>Passes a value on unless it is empty or the same as before.</summary>
    public void Report(string name, JsonElement value, int? index = null) => ReportAs(name, name, value, index);

    /// <summary>Passes a value on unless it is empty or the same as before.</summary>
    /// <param name="key">What the value is compared by.</param>
    /// <param name="name">The name to pass on.</param>
    /// <param name="value">The value.</param>
    /// <param name="index">The block that it speaks of.</param>
    public void ReportAs(string key, string name, JsonElement value, int? index)
    {
        if (value.IsEmpty())
        {
            return;
        }

        var text = JsonMarshal.GetRawUtf8Value(value);
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

    /// <summary>Passes a value on each time: it speaks of this chunk alone.</summary>
    public void Pass(string name, JsonElement value, int? index) =>
        output.Emit(new ProviderMetadata { Name = name, Value = value.Clone(), Index = index });
}
