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
internal sealed class SseEventParser
{
    private const byte LineFeed = (byte)'\n';
    private const byte CarriageReturn = (byte)'\r';

    private readonly SseLimits _limits;
    private readonly bool _reportComments;
    private readonly bool _dispatchAtEnd;
    private readonly Func<ReadOnlySpan<byte>, bool>? _isWholeAtEnd;
    private SseInput _input = new();
    private SseLineEnds _lineEnds = new();
    private SseEventState _event = new();
    private SseEventName _name;
    private SseLastEventId _lastEventId = new();
    private SseStrayLines _unrecognized;
    private StreamLimitException? _failure;

    public SseEventParser(SseReaderOptions options)
    {
        _limits = new SseLimits(options.MaxLineBytes, options.MaxEventBytes, options.LineLimitName);
        _reportComments = options.ReportComments;
        _dispatchAtEnd = options.DispatchAtEnd;
        _isWholeAtEnd = options.IsWholeAtEnd;
        _unrecognized = new SseStrayLines(options.MaxUnrecognizedBytes);
    }

    /// <summary>Gets how many bytes of the stream are consumed: to the end of the last event, or all of them when there is no further event.</summary>
    public long BytesConsumed => _input.Consumed;

    /// <summary>Gets the last event id as of the last blank line; empty when there is none.</summary>
    public string LastEventId => _lastEventId.Text;

    public TimeSpan? ReconnectionInterval { get; private set; }

    /// <summary>Gets the lines so far that are neither fields nor comments, joined by LF, up to the limit that the options set.</summary>
    public ReadOnlySpan<byte> UnrecognizedBytes => _unrecognized.Bytes;

    /// <inheritdoc cref="UnrecognizedBytes"/>
    public string UnrecognizedText => _unrecognized.Text;

    /// <summary>Gets the event that <see cref="MoveNext"/> stopped at.</summary>
    public SseEvent Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _event.IsMessage
            ? new SseEvent(SseEventKind.Message, _name.Value, _input[_input.Data], _lastEventId.Value, _event.Offset)
            : new SseEvent(SseEventKind.Comment, default, _input[_event.Comment], _lastEventId.Value, _event.CommentOffset);
    }

    /// <summary>Gets room for the next bytes of the stream. The spans of the events so far are no longer valid.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Memory<byte> GetMemory() => _input.GetMemory();

    /// <summary>Says how many bytes were written to the memory that <see cref="GetMemory"/> gave.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int count) => _input.Advance(count);

    /// <summary>Moves to the next event or reported comment.</summary>
    /// <returns><see langword="false"/> when more bytes are needed.</returns>
    public bool MoveNext()
    {
        PassCurrent();
        if (_lineEnds.MustSettle && !TrySettle())
        {
            return false;
        }

        var input = _input.Received;
        var line = _name.IsLineKnown ? PassNameLine(input, _input.Line) : _input.Line;
        for (var searched = Math.Max(line, _input.Searched); (uint)searched < (uint)input.Length; searched = line)
        {
            var length = input[searched] == LineFeed ? 0 : input[searched..].IndexOfAny(LineFeed, CarriageReturn);
            if (length < 0)
            {
                break;
            }

            var start = line;
            var lineEnd = searched + length;
            line = _lineEnds.After(input, lineEnd);
            if (lineEnd == start ? Dispatch() : ReadLine(input[start..lineEnd], start))
            {
                _input.Line = _input.Searched = line;
                return true;
            }
        }

        _input.Line = line;
        ThrowIfTooLong(input.Length - line);
        _input.Searched = input.Length;
        return false;
    }

    /// <summary>Ends the stream. Call it until it returns <see langword="false"/>.</summary>
    /// <returns><see langword="true"/> when the last event lacks its blank line and the options dispatch it nevertheless.</returns>
    public bool Complete()
    {
        PassCurrent();
        if (_input.Received[_input.Line..] is { IsEmpty: false } line)
        {
            CompleteLine(line, _input.Line);
            _input.Finish();
        }

        if (_dispatchAtEnd || (_event.DataLines > 0 && _isWholeAtEnd is { } isWhole && isWhole(_input[_input.Data])))
        {
            return Dispatch();
        }

        // Specification: "Once the end of the file is reached, any pending data must be discarded."
        EndEvent();
        return false;
    }

    public void Release()
    {
        _input.Release();
        _name.Release();
        _lastEventId.Release();
        _unrecognized.Release();
    }

    private bool TrySettle() =>
        _failure is null ? _lineEnds.TrySettle(ref _input) : throw new StreamLimitException(_failure.LimitName, _failure.Limit, _failure.Actual);

    // Where the next line starts.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int PassNameLine(ReadOnlySpan<byte> input, int start)
    {
        var length = _name.Match(input[start..]);
        if (length > 0)
        {
            _event.Begin(_input.OffsetOf(start));
        }

        return start + length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool ReadLine(ReadOnlySpan<byte> line, int start)
    {
        ThrowIfTooLong(line.Length);
        if (line[0] == SseFields.Colon)
        {
            return _reportComments && StopAtComment(line, start);
        }

        _event.Begin(_input.OffsetOf(start));
        if (line.StartsWith("data:"u8))
        {
            AddData(line, start, "data:".Length);
        }
        else if (line.StartsWith("event:"u8))
        {
            SetName(line, start, "event:".Length);
        }
        else
        {
            ReadRareLine(line, start);
        }

        return false;
    }

    private void ReadRareLine(ReadOnlySpan<byte> line, int start)
    {
        switch (SseFields.Read(line, out var afterName))
        {
            case SseField.Data:
                AddData(line, start, afterName);
                break;
            case SseField.EventType:
                SetName(line, start, afterName);
                break;
            case SseField.Id:
                _lastEventId.Set(line[SseFields.ValueStart(line, afterName)..]);
                break;
            case SseField.Retry:
                ReconnectionInterval = SseFields.ReadInterval(line[SseFields.ValueStart(line, afterName)..]) ?? ReconnectionInterval;
                break;
            default:
                _unrecognized.Add(line);
                break;
        }
    }

    /// <summary>Reads the last line of the stream, which lacks its line end.</summary>
    private void CompleteLine(ReadOnlySpan<byte> line, int start)
    {
        if (line[0] == SseFields.Colon)
        {
            return;
        }

        var field = SseFields.Read(line, out _);
        var hasColon = line.Contains(SseFields.Colon);
        if (_dispatchAtEnd || (_isWholeAtEnd is not null && field == SseField.Data && hasColon))
        {
            ReadLine(line, start);
        }
        else if (field == SseField.None && (hasColon || !SseFields.IsCutName(line)))
        {
            // An error page or a bare JSON error often ends without a line end.
            _unrecognized.Add(line);
        }
    }

    private bool StopAtComment(ReadOnlySpan<byte> line, int start)
    {
        var from = SseFields.ValueStart(line, 1);
        _event.StopAt(new SseSlice(start + from, line.Length - from), _input.OffsetOf(start));
        return true;
    }

    private void SetName(ReadOnlySpan<byte> line, int start, int afterName)
    {
        var from = SseFields.ValueStart(line, afterName);
        var input = _input.Received;
        _name.Set(input[start..Math.Min(start + line.Length + 1, input.Length)], new SseSlice(from, line.Length - from));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddData(ReadOnlySpan<byte> line, int start, int afterName)
    {
        var from = SseFields.ValueStart(line, afterName);
        var value = new SseSlice(start + from, line.Length - from);
        if (_event.AddDataLine())
        {
            ThrowIfTooLarge(value.Length);
            _input.Data = value;
        }
        else
        {
            ThrowIfTooLarge((long)_input.Data.Length + 1 + value.Length);
            _input.JoinData(value);
        }
    }

    /// <summary>Ends the event at its blank line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Dispatch()
    {
        if (_lastEventId.IsPending)
        {
            _lastEventId.Commit();
        }

        if (_event.DataLines == 0)
        {
            EndEvent();
            return false;
        }

        _event.Stop();
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void PassCurrent()
    {
        if (_event.HasStopped && _event.Pass())
        {
            EndEvent();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void EndEvent()
    {
        _event.Clear();
        _input.Data = default;
        _name.Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ThrowIfTooLong(int lineLength)
    {
        if (lineLength > _limits.MaxLineBytes)
        {
            ThrowLimit(_limits.LineLimitName, _limits.MaxLineBytes, lineLength);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ThrowIfTooLarge(long dataLength)
    {
        if (dataLength > _limits.MaxEventBytes)
        {
            ThrowLimit(nameof(SseReaderOptions.MaxEventBytes), _limits.MaxEventBytes, dataLength);
        }
    }

    [DoesNotReturn]
    private void ThrowLimit(string limitName, long limit, long actual)
    {
        _failure = new StreamLimitException(limitName, limit, actual);
        _lineEnds.Break();
        throw _failure;
    }

    private readonly record struct SseLimits(int MaxLineBytes, int MaxEventBytes, string LineLimitName);
}
