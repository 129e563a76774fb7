namespace Streamline.Framing;

/// <summary>Splits at line ends: one JSON value per line. Blank lines are skipped; a CR before the LF does not belong to the value.</summary>
/// <remarks>JSON text contains no raw line ends, so the line ends alone divide the body.</remarks>
internal sealed class NdjsonSplitter(int maxFrameBytes) : FrameSplitter(maxFrameBytes)
{
    // How much of the line at the beginning of the window is known to hold no line end.
    private int _searched;

    public override bool TrySplit(ReadOnlySpan<byte> window, long offset, out Frame frame, out int consumed)
    {
        consumed = 0;
        while (true)
        {
            var length = window[(consumed + _searched)..].IndexOf((byte)'\n');
            if (length < 0)
            {
                _searched = window.Length - consumed;
                ThrowIfTooLong(LengthOf(window[consumed..]));
                frame = default;
                return false;
            }

            var start = consumed;
            consumed += _searched + length + 1;
            _searched = 0;
            if (TryMakeFrame(window[start..(consumed - 1)], offset + start, out frame))
            {
                return true;
            }
        }
    }

    // A body that is cut inside a line does not end with a JSON value; one that is not cut may still lack the last LF.
    public override bool TryComplete(ReadOnlySpan<byte> window, long offset, out Frame frame) =>
        TryMakeFrame(window, offset, out frame) && WholeJson.IsValue(frame.Data);

    public override bool IsCutFrame(ReadOnlySpan<byte> window, long offset) =>
        Utf8Signature.Skip(window, offset).Trim(" \t\r"u8) is var value && (value.IsEmpty || WholeJson.IsCutObject(value));

    private bool TryMakeFrame(ReadOnlySpan<byte> line, long offset, out Frame frame)
    {
        ThrowIfTooLong(LengthOf(line));
        var value = Utf8Signature.Skip(line, offset).TrimStart(" \t\r"u8);
        offset += line.Length - value.Length;
        value = value.TrimEnd(" \t\r"u8);
        frame = new Frame(FrameKind.Message, default, value, offset);
        return !value.IsEmpty;
    }

    // With the blanks around the value, so that it does not depend on how the bytes are split; the last CR may be a part of the line's end.
    private static int LengthOf(ReadOnlySpan<byte> line) => line is [.., (byte)'\r'] ? line.Length - 1 : line.Length;
}
