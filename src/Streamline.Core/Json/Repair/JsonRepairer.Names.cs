using System.Buffers;

namespace Streamline.Json;

/// <content>Property names whose end quote is missing.</content>
internal sealed partial class JsonRepairer
{
    private static readonly SearchValues<byte> NameBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$-. "u8);

    private int _repairedTextRow = Undecided; // the last string that something was repaired in

    // "a: 1, "b": 2: what was taken for the name goes on behind a colon, and its quote begins a string, or ends one that is a value.
    private bool TrySplitName(int row, byte found)
    {
        ref readonly var name = ref _record.Row(row);
        if (name.Kind != JsonRowKind.PropertyName || row == _repairedTextRow || name.End - name.Start > JsonQuoteLookahead.MaxBytes)
        {
            return false;
        }

        var start = name.Start + 1;
        var text = _record.WrittenSpan[start..(name.End - 1)];
        var colon = text.IndexOf((byte)':');
        if (colon <= 0 || !char.IsAsciiLetter((char)text[0]) || text[..colon].ContainsAnyExcept(NameBytes) || !IsValueBehindColon(text[(colon + 1)..])
            || !(EndsBeforeString(text) || found is (byte)',' or (byte)'}'))
        {
            return false;
        }

        var behind = _record.WrittenSpan[(start + colon)..];
        using var buffer = new PooledBytes(behind.Length);
        behind.CopyTo(buffer.Span);
        ReopenText(row);
        _record.TrimText(_record.ByteCount - start - colon);
        Report(PartialJsonRepairKind.MissingQuote, _offset - buffer.Span.Length, isGuess: true);
        CloseText();
        _held.Clear();
        _held.Add(buffer.Span);
        ReplayHeld();
        return true;
    }

    private static bool IsValueBehindColon(ReadOnlySpan<byte> text) =>
        text.IsEmpty || IsSpace(text[0]) || text[0] is (byte)'{' or (byte)'[' or (byte)'-' or (>= (byte)'0' and <= (byte)'9');

    // A value is missing here; else a colon may be, behind a name that has one inside.
    private static bool EndsBeforeString(ReadOnlySpan<byte> text) => TrimEnd(text)[^1] is (byte)':' or (byte)',' or (byte)'{' or (byte)'[';
}
