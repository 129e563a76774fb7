using System.Runtime.CompilerServices;

namespace Streamline.Sse;

/// <summary>How lines end, by LF, CR or CRLF, and what a cut between two chunks leaves open: half of a CRLF, part of a byte order mark.</summary>
internal struct SseLineEnds
{
    private bool _isPastByteOrderMark;

    // The last byte received was a CR, which completed its line at once; if an LF follows, it belongs to that CR.
    private bool _skipLineFeed;

    public SseLineEnds()
    {
    }

    /// <summary>Gets a value indicating whether something is to be settled before the next line.</summary>
    public bool MustSettle { readonly get; private set; } = true;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Steps over CR, LF or CRLF. A CR at the end of the input ends its line now; whether an LF follows is seen later.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int After(ReadOnlySpan<byte> input, int lineEnd)
    {
        var next = lineEnd + 1;
        if (input[lineEnd] == (byte)'\r')
        {
            if (next == input.Length)
            {
                _skipLineFeed = MustSettle = true;
            }
            else if (input[next] == (byte)'\n')
            {
                next++;
            }
        }

        return next;
    }

    /// <summary>Settles what the bytes before left open.</summary>
    /// <returns><see langword="false"/> when more bytes are needed.</returns>
    public bool TrySettle(ref SseInput input)
    {
        var rest = input.Received[input.Line..];
        if (rest.IsEmpty || !(_isPastByteOrderMark || TryPassByteOrderMark(rest, ref input)))
        {
            input.Searched = input.Received.Length;
            return false;
        }

        if (_skipLineFeed && rest[0] == (byte)'\n')
        {
            input.Line++;
            input.Searched = input.Line;
        }

        MustSettle = _skipLineFeed = false;
        return true;
    }

    /// <summary>Has <see cref="MustSettle"/> be set for good, because a limit was passed: the state is in the middle of a line, and nothing can be read after it.</summary>
    public void Break() => MustSettle = true;

    // The mark may be cut. Its bytes are the beginning of a line until it is whole.
    private bool TryPassByteOrderMark(ReadOnlySpan<byte> rest, ref SseInput input)
    {
        var matched = rest.CommonPrefixLength(ByteOrderMark);
        if (matched == rest.Length && matched < ByteOrderMark.Length)
        {
            return false;
        }

        _isPastByteOrderMark = true;
        input.Line += matched == ByteOrderMark.Length ? matched : 0;
        input.Searched = input.Line;
        return true;
    }
}
