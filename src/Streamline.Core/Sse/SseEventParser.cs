using System.Diagnostics.CodeAnalysis;

namespace Streamline.Sse;

/// <summary>
/// The state machine of <c>text/event-stream</c>: bytes in, events out. It knows nothing of pipes, tasks or strings.
/// </summary>
/// <remarks>
/// <para>
/// The bytes come as a sequence of inputs, cut anywhere. <see cref="MoveNext"/> is called with the same input until it returns
/// <see langword="false"/>; by then the whole input is consumed, and what is unfinished has been copied: a piece of a line to
/// <c>_line</c>, values of an undispatched event to buffers of their own. So each byte is searched for a line end once, however
/// small the inputs are, and a value is copied only when an input ends before its event does.
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

    // The offset in the stream of the current input's first byte, and how much of that input is consumed.
    private long _inputOffset;
    private int _position;

    // Set where the input before may have ended inside something, and for good once a limit was passed.
    private bool _mustResume = true;

    // How many bytes of the byte order mark have matched; its length once the question is settled.
    private int _byteOrderMarkMatched;

    // The input before ended with a CR, which completed its line at once; if an LF follows, it belongs to that CR.
    private bool _skipLineFeed;

    // The beginning of a line whose end has not come yet. Empty between lines.
    private SseBuffer _line;

    private StreamLimitException? _failure;

    public SseEventParser(SseReaderOptions options)
    {
        _maxLineBytes = options.MaxLineBytes;
        _maxEventBytes = options.MaxEventBytes;
        _maxUnrecognizedBytes = options.MaxUnrecognizedBytes;
        _reportComments = options.ReportComments;
        _dispatchAtEnd = options.DispatchAtEnd;
    }

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Gets how many bytes of the current input are consumed.</summary>
    public int Position => _position;

    /// <summary>Gets how many bytes of the stream are consumed.</summary>
    public long BytesConsumed => _inputOffset + _position;

    /// <summary>Goes on to the next event or reported comment of <paramref name="input"/>.</summary>
    /// <returns><see langword="false"/> when the input is used up; the next call is for the next input.</returns>
    public bool MoveNext(ReadOnlySpan<byte> input)
    {
        EndCurrent();
        if (_mustResume && Resume(input))
        {
            return true;
        }

        var position = _position;
        while ((uint)position < (uint)input.Length)
        {
            var rest = input[position..];
            var length = rest[0] == LineFeed ? 0 : rest.IndexOfAny(LineFeed, CarriageReturn);
            if (length < 0)
            {
                break;
            }

            var start = position;
            position = AfterLineEnd(input, position + length);
            if (length == 0 ? Dispatch() : ParseLine(input, rest[..length], start, isKept: false))
            {
                _position = position;
                return true;
            }
        }

        Suspend(input, position);
        return false;
    }

    /// <summary>Ends the stream. To be called until it returns <see langword="false"/>.</summary>
    /// <returns><see langword="true"/> when an event was cut off and is to be dispatched nevertheless.</returns>
    public bool Complete()
    {
        EndCurrent();
        if (_line.Length > 0)
        {
            CompleteLine();
            _line.Rewind();
        }

        if (_dispatchAtEnd)
        {
            return Dispatch();
        }

        // Specification: "Once the end of the file is reached, any pending data must be discarded."
        EndEvent();
        return false;
    }

    public void Release()
    {
        _line.Release();
        ReleaseValues();
    }

    /// <summary>Finishes what the last input left open: the byte order mark, a CRLF, a line.</summary>
    private bool Resume(ReadOnlySpan<byte> input)
    {
        if (_failure is not null)
        {
            throw new StreamLimitException(_failure.LimitName, _failure.Limit, _failure.Actual);
        }

        if (input.IsEmpty)
        {
            return false;
        }

        _mustResume = false;
        if (_byteOrderMarkMatched < ByteOrderMark.Length)
        {
            MatchByteOrderMark(input);
        }

        if (_skipLineFeed)
        {
            _skipLineFeed = false;
            _position = input[0] == LineFeed ? 1 : 0;
        }

        return _line.Length > 0 && ResumeLine(input);
    }

    // The mark may be cut. Its bytes are kept as the beginning of a line, which they are when the mark does not become whole.
    private void MatchByteOrderMark(ReadOnlySpan<byte> input)
    {
        while (_byteOrderMarkMatched < ByteOrderMark.Length && _position < input.Length)
        {
            if (input[_position] != ByteOrderMark[_byteOrderMarkMatched])
            {
                _byteOrderMarkMatched = ByteOrderMark.Length;
                return;
            }

            _line.Append(input.Slice(_position, 1));
            _position++;
            _byteOrderMarkMatched++;
        }

        if (_byteOrderMarkMatched == ByteOrderMark.Length)
        {
            _line.Clear();
        }
    }

    private bool ResumeLine(ReadOnlySpan<byte> input)
    {
        var rest = input[_position..];
        var length = rest.IndexOfAny(LineFeed, CarriageReturn);
        if (length < 0)
        {
            // The main loop finds the input empty and suspends.
            KeepLine(rest);
            _position = input.Length;
            return false;
        }

        var start = _position - _line.Length;
        KeepLine(rest[..length]);
        _position = AfterLineEnd(input, _position + length);
        var line = _line.Written;
        _line.Rewind();
        return ParseLine(input, line, start, isKept: true);
    }

    private void KeepLine(ReadOnlySpan<byte> piece)
    {
        if ((long)_line.Length + piece.Length > _maxLineBytes)
        {
            ThrowLimit(nameof(SseReaderOptions.MaxLineBytes), _maxLineBytes, (long)_line.Length + piece.Length);
        }

        _line.Append(piece);
    }

    /// <summary>Steps over CR, LF or CRLF. A CR at the end of the input ends its line now; whether an LF follows is seen later.</summary>
    private int AfterLineEnd(ReadOnlySpan<byte> input, int lineEnd)
    {
        var next = lineEnd + 1;
        if (input[lineEnd] == CarriageReturn)
        {
            if (next == input.Length)
            {
                _skipLineFeed = true;
            }
            else if (input[next] == LineFeed)
            {
                next++;
            }
        }

        return next;
    }

    /// <summary>Copies what still lies in the input, which the caller takes back, and starts counting anew for the next one.</summary>
    private void Suspend(ReadOnlySpan<byte> input, int lineStart)
    {
        // First the values: they may lie in _line, which the piece of the next line overwrites.
        KeepValues(input);
        if (lineStart < input.Length)
        {
            KeepLine(input[lineStart..]);
        }
        else if (_line.Length == 0)
        {
            _line.Clear();
        }

        _inputOffset += input.Length;
        _position = 0;
        _mustResume = true;
    }

    [DoesNotReturn]
    private void ThrowLimit(string limitName, long limit, long actual)
    {
        // The state is in the middle of a line: nothing can be read after this.
        _failure = new StreamLimitException(limitName, limit, actual);
        _mustResume = true;
        throw _failure;
    }
}
