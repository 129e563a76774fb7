using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Streamline.Sse;

namespace Streamline.Tests.Sse;

/// <summary>The specification once more, over the whole text at once and with no care for speed: what the reader is compared with.</summary>
internal sealed class SseOracle
{
    private readonly List<string> _data = [];
    private string _eventType = "";
    private string _idBuffer = "";

    public List<SseItem> Items { get; } = [];

    public string LastEventId { get; private set; } = "";

    public TimeSpan? ReconnectionInterval { get; private set; }

    /// <summary>
    /// Whether the in-box parser reads this stream otherwise: it lets the name of an event without data leak into the next event, and
    /// reports an empty name as such instead of as <c>message</c>.
    /// </summary>
    public bool InBoxDeviates { get; private set; }

    public static SseOracle Run(byte[] bytes)
    {
        var oracle = new SseOracle();
        var text = Encoding.UTF8.GetString(bytes);
        var lines = Regex.Split(text.StartsWith('\uFEFF') ? text[1..] : text, "\r\n|\n|\r");

        // The piece behind the last line end is not a line.
        foreach (var line in lines[..^1])
        {
            oracle.Take(line);
        }

        return oracle;
    }

    private void Take(string line)
    {
        if (line.Length == 0)
        {
            Dispatch();
            return;
        }

        var colon = line.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? line : line[..colon];
        var value = colon < 0 ? "" : line[(colon + 1)..];
        value = value.StartsWith(' ') ? value[1..] : value;
        switch (name)
        {
            case "data":
                _data.Add(value);
                break;
            case "event":
                _eventType = value;
                InBoxDeviates |= value.Length == 0;
                break;
            case "id" when !value.Contains('\0', StringComparison.Ordinal):
                _idBuffer = value;
                break;
            case "retry" when value.Length > 0 && value.All(char.IsAsciiDigit):
                ReconnectionInterval = TimeSpan.FromMilliseconds(Math.Min(double.Parse(value, CultureInfo.InvariantCulture), int.MaxValue));
                break;
        }
    }

    private void Dispatch()
    {
        LastEventId = _idBuffer;
        if (_data.Count > 0)
        {
            Items.Add(new SseItem(_eventType.Length == 0 ? "message" : _eventType, string.Join('\n', _data), LastEventId));
        }
        else if (_eventType.Length > 0)
        {
            InBoxDeviates = true;
        }

        _data.Clear();
        _eventType = "";
    }
}
