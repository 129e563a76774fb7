using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Streamline.Sse;

/// <summary>
/// The state machine of <c>text/event-stream</c>: bytes in, events out. It knows nothing of pipes, tasks or strings.
/// </summary>
/// <remarks>
/// <para>
/// The bytes are written to <see cref="GetMemory"/> and announced with <see cref="Advance"/>, cut anywhere. <see cref="MoveNext"/> is then called
/// until it returns <see langword="false"/>. All that is unfinished stays where it was written, in one piece, so each byte is searched for a line
/// end once, and moved only when the buffer is full: however small the pieces are, they cost little more than a long one.
/// </para>
/// <para>
/// The small methods of each line are marked for inlining: left to itself, the compiler leaves some of them out in some runs of a program, by the profile
/// of that run, and an event then takes half as long again.
/// </para>
/// <para>Specification: WHATWG HTML, "Server-sent events", sections "Parsing an event stream" and "Interpreting an event stream".</para>
/// </remarks>
internal sealed partial class SseEventParser
{
    private const byte LineFeed = (byte)'\n';
    private const byte CarriageReturn = (byte)'\r';

    private readonly int _maxLineBytes;
    private readonly int _maxEventBytes;
    private readonly int _maxUnrecognizedBytes;
    private readonly bool _reportComments;
    private readonly bool _dispatchAtEnd;
    private readonly Func<ReadOnlySpan<byte>, bool>? _isWholeAtEnd;
    private readonly string _lineLimitName;

    // Set while something is to be seen to before the next line, and for good once a limit was passed.
    private bool _mustSettle = true;
    private bool _isPastByteOrderMark;

    // The last byte received was a CR, which completed its line at once; if an LF follows, it belongs to that CR.
    private bool _skipLineFeed;

    private StreamLimitException? _failure;

    public SseEventParser(SseReaderOptions options)
    {
        _maxLineBytes = options.MaxLineBytes;
        _maxEventBytes = options.MaxEventBytes;
        _maxUnrecognizedBytes = options.MaxUnrecognizedBytes;
        _reportComments = options.ReportComments;
        _dispatchAtEnd = options.DispatchAtEnd;
        _isWholeAtEnd = options.IsWholeAtEnd;
        _lineLimitName = options.LineLimitName;
    }

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Gets how many bytes of the stream are consumed: to the end of the last event, or all of them when there is no further event.</summary>
    public long BytesConsumed => _offset + _searched;

    /// <summary>Moves to the next event or reported comment.</summary>
    /// <returns><see langword="false"/> when more bytes are needed.</returns>
    public bool MoveNext()
    {
        EndCurrent();
        if (_mustSettle && !TrySettle())
        {
            return false;
        }

        var input = Received;
        var line = _isEventLineExpected ? PassEventLine(input, _line) : _line;
        for (var searched = Math.Max(line, _searched); (uint)searched < (uint)input.Length; searched = line)
        {
            var length = input[searched] == LineFeed ? 0 : input[searched..].IndexOfAny(LineFeed, CarriageReturn);
            if (length < 0)
            {
                break;
            }

            var start = line;
            var lineEnd = searched + length;
            line = AfterLineEnd(input, lineEnd);
            if (lineEnd == start ? Dispatch() : ParseLine(input[start..lineEnd], start))
            {
                _line = _searched = line;
                return true;
            }
        }

        _line = line;
        ThrowIfTooLong(input.Length - line);
        _searched = input.Length;
        return false;
    }

    /// <summary>Ends the stream. Call it until it returns <see langword="false"/>.</summary>
    /// <returns><see langword="true"/> when the last event lacks its blank line and the options dispatch it nevertheless.</returns>
    public bool Complete()
    {
        EndCurrent();
        if (_line < _end)
        {
            CompleteLine(Received[_line..], _line);
            _line = _searched = _end;
        }

        if (_dispatchAtEnd || (_dataLines > 0 && _isWholeAtEnd is { } isWhole && isWhole(_data.In(_buffer))))
        {
            return Dispatch();
        }

        // Specification: "Once the end of the file is reached, any pending data must be discarded."
        EndEvent();
        return false;
    }

    public void Release()
    {
        ReleaseInput();
        ReleaseValues();
    }

    /// <summary>Sees to what the bytes before left open: the byte order mark, a CRLF.</summary>
    private bool TrySettle()
    {
        if (_failure is not null)
        {
            throw new StreamLimitException(_failure.LimitName, _failure.Limit, _failure.Actual);
        }

        var input = Received[_line..];
        if (input.IsEmpty || !(_isPastByteOrderMark || TryPassByteOrderMark(input)))
        {
            _searched = _end;
            return false;
        }

        if (_skipLineFeed && input[0] == LineFeed)
        {
            _line++;
            _searched = _line;
        }

        _mustSettle = _skipLineFeed = false;
        return true;
    }

    // The mark may be cut. Its bytes are the beginning of a line until it is whole.
    private bool TryPassByteOrderMark(ReadOnlySpan<byte> input)
    {
        var matched = input.CommonPrefixLength(ByteOrderMark);
        if (matched == input.Length && matched < ByteOrderMark.Length)
        {
            return false;
        }

        _isPastByteOrderMark = true;
        _line += matched == ByteOrderMark.Length ? matched : 0;
        _searched = _line;
        return true;
    }

    /// <summary>Steps over CR, LF or CRLF. A CR at the end of the input ends its line now; whether an LF follows is seen later.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int AfterLineEnd(ReadOnlySpan<byte> input, int lineEnd)
    {
        var next = lineEnd + 1;
        if (input[lineEnd] == CarriageReturn)
        {
            if (next == input.Length)
            {
                _skipLineFeed = _mustSettle = true;
            }
            else if (input[next] == LineFeed)
            {
                next++;
            }
        }

        return next;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ThrowIfTooLong(int lineLength)
    {
        if (lineLength > _maxLineBytes)
        {
            ThrowLimit(_lineLimitName, _maxLineBytes, lineLength);
        }
    }

    [DoesNotReturn]
    private void ThrowLimit(string limitName, long limit, long actual)
    {
        // The state is in the middle of a line: nothing can be read after this.
        _failure = new StreamLimitException(limitName, limit, actual);
        _mustSettle = true;
        throw _failure;
    }
}
