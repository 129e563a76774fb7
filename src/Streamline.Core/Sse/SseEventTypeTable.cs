using System.Text;

namespace Streamline.Sse;

/// <summary>Turns the names of events into strings, and gives the same string for the same name.</summary>
/// <remarks>A stream uses a handful of names. A hostile one may not: past the bounds, a name costs a string each time.</remarks>
internal sealed class SseEventTypeTable
{
    private const int MaxNames = 32;
    private const int MaxNameBytes = 64;

    private readonly List<Entry> _entries = [new("message"u8.ToArray(), "message")];
    private Entry _last;

    public SseEventTypeTable() => _last = _entries[0];

    public string GetString(ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual(_last.Utf8))
        {
            return _last.Text;
        }

        foreach (var entry in _entries)
        {
            if (name.SequenceEqual(entry.Utf8))
            {
                _last = entry;
                return entry.Text;
            }
        }

        return Add(name);
    }

    private string Add(ReadOnlySpan<byte> name)
    {
        var text = Encoding.UTF8.GetString(name);
        if (name.Length <= MaxNameBytes && _entries.Count < MaxNames)
        {
            _last = new Entry(name.ToArray(), text);
            _entries.Add(_last);
        }

        return text;
    }

    private readonly record struct Entry(byte[] Utf8, string Text);
}
