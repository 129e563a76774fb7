using System.Runtime.InteropServices;

namespace Streamline.Text;

/// <summary>What may still be closed in inline text, from the outside in. The innermost opener of each kind is found without a search.</summary>
internal sealed class OpenInlines
{
    private const string Markers = "*_~[";

    private readonly List<Opener> _open = [];
    private readonly int[] _last = [-1, -1, -1, -1]; // of each marker, its innermost opener

    public int Count => _open.Count;

    /// <summary>The outermost opener of an image; -1 when there is none.</summary>
    public int FirstImage => _open.FindIndex(opener => opener is { Marker: '[', Length: 2 });

    /// <summary>How many openers were looked at.</summary>
    public long Examined { get; private set; }

    public Opener this[int index] => _open[index];

    public void Push(char marker, int length, int offset)
    {
        var kind = Markers.IndexOf(marker, StringComparison.Ordinal);
        _open.Add(new Opener(marker, length, offset) { Outer = _last[kind] });
        _last[kind] = _open.Count - 1;
    }

    /// <summary>Finds the innermost opener of a marker; a delimiter closes nothing outside of its bracket.</summary>
    /// <returns>Its index; -1 when there is none.</returns>
    public int Find(char marker)
    {
        var index = _last[Markers.IndexOf(marker, StringComparison.Ordinal)];
        return index >= _last[Markers.IndexOf('[', StringComparison.Ordinal)] ? index : -1;
    }

    /// <summary>Closes an opener with as many delimiters as both have, and forgets what was opened within it.</summary>
    /// <returns>The number of delimiters.</returns>
    public int Shorten(int index, int available)
    {
        var opener = _open[index];
        var closed = Math.Min(available, opener.Length);
        PopFrom(closed == opener.Length ? index : index + 1);
        if (closed < opener.Length)
        {
            _open[index] = opener with { Length = opener.Length - closed };
        }

        return closed;
    }

    public void PopFrom(int index)
    {
        for (var i = _open.Count - 1; i >= index; i--)
        {
            _last[Markers.IndexOf(_open[i].Marker, StringComparison.Ordinal)] = _open[i].Outer;
            Examined++;
        }

        _open.RemoveRange(index, _open.Count - index);
    }

    /// <summary>Takes the brackets that are open out of the text. Nothing is found here afterwards.</summary>
    /// <returns>How many characters were moved.</returns>
    public int DropBrackets(List<char> text)
    {
        var chars = CollectionsMarshal.AsSpan(text);
        var (removed, from, kept) = (0, 0, 0);
        for (var i = 0; i < _open.Count; i++)
        {
            var opener = _open[i];
            if (opener.Marker != '[')
            {
                _open[kept++] = opener with { Offset = opener.Offset - removed };
                continue;
            }

            chars[from..opener.Offset].CopyTo(chars[(from - removed)..]);
            from = opener.Offset + 1;
            removed++;
        }

        chars[from..].CopyTo(chars[(from - removed)..]);
        text.RemoveRange(text.Count - removed, removed);
        _open.RemoveRange(kept, _open.Count - kept);
        return removed == 0 ? 0 : chars.Length;
    }

    /// <summary>What may still be closed.</summary>
    /// <param name="Marker">The delimiter, or a bracket.</param>
    /// <param name="Length">The number of delimiters; 2 for the brackets of an image.</param>
    /// <param name="Offset">Its place in the safe text.</param>
    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Opener(char Marker, int Length, int Offset)
    {
        /// <summary>The next opener of the same marker to the outside; -1 for none.</summary>
        public int Outer { get; init; }
    }
}
