using System.Text;

namespace Streamline.Sse;

/// <summary>The lines that are neither fields nor comments, joined by LF: the first ones, up to a limit.</summary>
/// <param name="maxBytes">The limit.</param>
internal struct SseStrayLines(int maxBytes)
{
    private SseBuffer _lines;
    private bool _isFull;
    private string? _text;

    public readonly ReadOnlySpan<byte> Bytes => _lines.Written;

    public readonly string Text => _text ?? Encoding.UTF8.GetString(_lines.Written);

    public void Add(ReadOnlySpan<byte> line)
    {
        var separator = _lines.Length == 0 ? ""u8 : "\n"u8;
        var room = maxBytes - _lines.Length - separator.Length;
        if (room <= 0 || _isFull)
        {
            return;
        }

        if (line.Length > room)
        {
            // Cut before a character, not inside one.
            while (room > 0 && (line[room] & 0xC0) == 0x80)
            {
                room--;
            }

            line = line[..room];
            _isFull = true;
        }

        _lines.Append(separator);
        _lines.Append(line);
    }

    public void Release()
    {
        // The text outlives the buffer: a report of a broken stream asks for it last.
        _text = Text;
        _lines.Release();
    }
}
