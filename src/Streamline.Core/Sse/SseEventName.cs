using System.Runtime.CompilerServices;

namespace Streamline.Sse;

/// <summary>
/// The name of the event: the last line that named one, with its line end, and where the name is in it. Successive events mostly have the same name, so
/// the next such line is compared with this one before it is taken apart.
/// </summary>
internal struct SseEventName
{
    private SseBuffer _line;
    private SseSlice _name;
    private bool _isGiven;

    /// <summary>Gets a value indicating whether the last line is complete, so that the next one is worth comparing with it.</summary>
    public bool IsLineKnown { readonly get; private set; }

    /// <summary>Gets the name of the event; of one without a name it is <c>message</c>.</summary>
    public readonly ReadOnlySpan<byte> Value => _isGiven ? _name.In(_line.Written) : "message"u8;

    /// <summary>Sets the name.</summary>
    /// <param name="line">The line, with the first byte of its line end if that was received.</param>
    /// <param name="name">Where the name is in the line.</param>
    public void Set(ReadOnlySpan<byte> line, SseSlice name)
    {
        _name = name;
        _isGiven = name.Length > 0;
        _line.Clear();
        _line.Append(line);

        // Only with LF is it sure that the line ends there: after a CR, more of its end may follow.
        IsLineKnown = _line.Written[^1] == (byte)'\n';
    }

    /// <summary>Takes the line that names the event, if it is the same as the last one.</summary>
    /// <param name="input">The input from the start of the line.</param>
    /// <returns>The length of the line with its end; 0 when it is another one.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Match(ReadOnlySpan<byte> input)
    {
        var line = _line.Written;
        if (!input.StartsWith(line))
        {
            return 0;
        }

        _isGiven = _name.Length > 0;
        return line.Length;
    }

    /// <summary>Ends the event: its name must not leak into the next one.</summary>
    public void Clear() => _isGiven = false;

    public void Release()
    {
        _line.Release();
        IsLineKnown = false;
    }
}
