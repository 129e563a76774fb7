using System.Text;

namespace Streamline.Sse;

internal sealed partial class SseEventParser
{
    private const byte Colon = (byte)':';

    // The longest interval that every timer of the platform accepts, so that a server cannot make a later wait throw.
    private const long MaxReconnectionMilliseconds = int.MaxValue;

    private SseEventKind _currentKind;
    private bool _hasCurrent;

    // The event being read. Its offset is -1 before its first field line.
    private long _eventOffset = -1;
    private SseSlice _eventType;
    private SseSlice _data;
    private int _dataLines;
    private SseBuffer _typeBuffer;
    private SseBuffer _dataBuffer;

    private SseSlice _comment;
    private long _commentOffset;

    // An id line counts for the stream only when its event ends; until then it waits in _pendingId.
    private SseBuffer _lastEventId;
    private SseBuffer _pendingId;
    private bool _hasPendingId;
    private string? _lastEventIdText = "";

    private SseBuffer _unrecognized;
    private bool _unrecognizedIsFull;
    private string? _unrecognizedText;

    /// <summary>Gets the last event id as of the last blank line; empty when there is none.</summary>
    public string LastEventId => _lastEventIdText ??= Encoding.UTF8.GetString(_lastEventId.Written);

    public TimeSpan? ReconnectionInterval { get; private set; }

    /// <summary>Gets the lines so far that are no fields, joined by LF, up to the option's limit.</summary>
    public string UnrecognizedText => _unrecognizedText ?? Encoding.UTF8.GetString(_unrecognized.Written);

    /// <summary>Gets the event that <see cref="MoveNext"/> stopped at.</summary>
    /// <param name="input">The input that was given to <see cref="MoveNext"/>.</param>
    public SseEvent GetCurrent(ReadOnlySpan<byte> input) => _currentKind == SseEventKind.Message
        ? new SseEvent(
            SseEventKind.Message,
            _eventType.Length == 0 ? "message"u8 : _eventType.In(input),
            _data.In(input),
            _lastEventId.Written,
            _eventOffset)
        : new SseEvent(SseEventKind.Comment, default, _comment.In(input), _lastEventId.Written, _commentOffset);

    private bool ParseLine(ReadOnlySpan<byte> input, ReadOnlySpan<byte> line, int start, bool isKept)
    {
        if (line.Length > _maxLineBytes)
        {
            ThrowLimit(nameof(SseReaderOptions.MaxLineBytes), _maxLineBytes, line.Length);
        }

        if (line[0] == Colon)
        {
            return _reportComments && ReportComment(line, start, isKept);
        }

        if (_eventOffset < 0)
        {
            _eventOffset = _inputOffset + start;
        }

        if (line.StartsWith("data:"u8))
        {
            AddData(input, line, start, "data:".Length, isKept);
        }
        else if (line.StartsWith("event:"u8))
        {
            SetEventType(line, start, "event:".Length, isKept);
        }
        else
        {
            ParseRareLine(input, line, start, isKept);
        }

        return false;
    }

    private void ParseRareLine(ReadOnlySpan<byte> input, ReadOnlySpan<byte> line, int start, bool isKept)
    {
        var colon = line.IndexOf(Colon);

        // Without a colon the whole line is the name, and the value is empty.
        var name = colon < 0 ? line : line[..colon];
        var afterName = colon < 0 ? line.Length : colon + 1;
        switch (FieldOf(name))
        {
            case SseField.Data:
                AddData(input, line, start, afterName, isKept);
                break;
            case SseField.EventType:
                SetEventType(line, start, afterName, isKept);
                break;
            case SseField.Id:
                SetId(line[ValueStart(line, afterName)..]);
                break;
            case SseField.Retry:
                SetReconnectionInterval(line[ValueStart(line, afterName)..]);
                break;
            default:
                KeepUnrecognized(line);
                break;
        }
    }

    private bool ReportComment(ReadOnlySpan<byte> line, int start, bool isKept)
    {
        var from = ValueStart(line, 1);
        _comment = isKept
            ? _line.Slice(from, line.Length - from)
            : new SseSlice(null, start + from, line.Length - from);
        _commentOffset = _inputOffset + start;
        _currentKind = SseEventKind.Comment;
        return _hasCurrent = true;
    }

    private void AddData(ReadOnlySpan<byte> input, ReadOnlySpan<byte> line, int start, int afterName, bool isKept)
    {
        var from = ValueStart(line, afterName);
        var length = line.Length - from;
        var joined = _dataLines == 0 ? length : (long)_data.Length + 1 + length;
        if (joined > _maxEventBytes)
        {
            ThrowLimit(nameof(SseReaderOptions.MaxEventBytes), _maxEventBytes, joined);
        }

        if (_dataLines == 0 && !isKept)
        {
            _data = new SseSlice(null, start + from, length);
        }
        else
        {
            JoinData(input, line[from..]);
        }

        _dataLines++;
    }

    // The LF that the specification appends to every line and takes from the last is written between lines instead.
    private void JoinData(ReadOnlySpan<byte> input, ReadOnlySpan<byte> value)
    {
        if (_dataLines > 0)
        {
            KeepData(input);
            _dataBuffer.Append("\n"u8);
        }

        _dataBuffer.Append(value);
        _data = _dataBuffer.Slice(0, _dataBuffer.Length);
    }

    private void SetEventType(ReadOnlySpan<byte> line, int start, int afterName, bool isKept)
    {
        var from = ValueStart(line, afterName);
        if (isKept)
        {
            KeepEventType(line[from..]);
        }
        else
        {
            _eventType = new SseSlice(null, start + from, line.Length - from);
        }
    }

    private void SetId(ReadOnlySpan<byte> value)
    {
        // "If the field value does not contain U+0000 NULL, then set the last event ID buffer […]. Otherwise, ignore the field."
        if (value.Contains((byte)0))
        {
            return;
        }

        _pendingId.Clear();
        _pendingId.Append(value);
        _hasPendingId = true;
    }

    private void SetReconnectionInterval(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty || value.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return;
        }

        var milliseconds = 0L;
        foreach (var digit in value)
        {
            milliseconds = Math.Min((milliseconds * 10) + (digit - '0'), MaxReconnectionMilliseconds);
        }

        ReconnectionInterval = TimeSpan.FromMilliseconds(milliseconds);
    }

    private void KeepUnrecognized(ReadOnlySpan<byte> line)
    {
        var separator = _unrecognized.Length == 0 ? ""u8 : "\n"u8;
        var room = _maxUnrecognizedBytes - _unrecognized.Length - separator.Length;
        if (room <= 0 || _unrecognizedIsFull)
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
            _unrecognizedIsFull = true;
        }

        _unrecognized.Append(separator);
        _unrecognized.Append(line);
    }

    /// <summary>Ends the event at its blank line.</summary>
    private bool Dispatch()
    {
        if (_hasPendingId)
        {
            CommitId();
        }

        if (_dataLines == 0)
        {
            // The event's name must not leak into the next event.
            EndEvent();
            return false;
        }

        _currentKind = SseEventKind.Message;
        return _hasCurrent = true;
    }

    private void CommitId()
    {
        _hasPendingId = false;
        if (!_pendingId.Written.SequenceEqual(_lastEventId.Written))
        {
            (_lastEventId, _pendingId) = (_pendingId, _lastEventId);
            _lastEventIdText = null;
        }
    }

    /// <summary>The last line of the stream lacks its line end.</summary>
    private void CompleteLine()
    {
        var line = _line.Written;
        if (line[0] == Colon)
        {
            return;
        }

        if (_dispatchAtEnd)
        {
            ParseLine(default, line, -line.Length, isKept: true);
            return;
        }

        // An error page or a bare JSON error often ends without a line end, and is the very text to keep.
        var colon = line.IndexOf(Colon);
        if (FieldOf(colon < 0 ? line : line[..colon]) == SseField.None)
        {
            KeepUnrecognized(line);
        }
    }

    private void EndCurrent()
    {
        if (_hasCurrent)
        {
            _hasCurrent = false;
            if (_currentKind == SseEventKind.Message)
            {
                EndEvent();
            }
        }
    }

    private void EndEvent()
    {
        _eventOffset = -1;
        _eventType = default;
        _data = default;
        _dataLines = 0;
        _dataBuffer.Clear();
    }

    private void KeepValues(ReadOnlySpan<byte> input)
    {
        if (_dataLines > 0)
        {
            KeepData(input);
        }

        if (_eventType.Length > 0 && _eventType.IsInInput)
        {
            KeepEventType(_eventType.In(input));
        }
    }

    private void KeepData(ReadOnlySpan<byte> input)
    {
        if (_data.IsInInput)
        {
            _dataBuffer.Append(_data.In(input));
            _data = _dataBuffer.Slice(0, _dataBuffer.Length);
        }
    }

    private void KeepEventType(ReadOnlySpan<byte> value)
    {
        _typeBuffer.Clear();
        _typeBuffer.Append(value);
        _eventType = _typeBuffer.Slice(0, value.Length);
    }

    private void ReleaseValues()
    {
        // Both outlive the buffers: whoever reports a broken stream asks for them last.
        _lastEventIdText = LastEventId;
        _unrecognizedText = UnrecognizedText;
        _dataBuffer.Release();
        _typeBuffer.Release();
        _pendingId.Release();
        _lastEventId.Release();
        _unrecognized.Release();
    }

    // Names are compared literally: "Data" and "data " are other names.
    private static SseField FieldOf(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.SequenceEqual("data"u8) => SseField.Data,
        _ when name.SequenceEqual("event"u8) => SseField.EventType,
        _ when name.SequenceEqual("id"u8) => SseField.Id,
        _ when name.SequenceEqual("retry"u8) => SseField.Retry,
        _ => SseField.None,
    };

    /// <summary>"If value starts with a U+0020 SPACE character, remove it from value": one space, and no tab.</summary>
    private static int ValueStart(ReadOnlySpan<byte> line, int afterName) =>
        afterName < line.Length && line[afterName] == (byte)' ' ? afterName + 1 : afterName;

    private enum SseField
    {
        None,
        Data,
        EventType,
        Id,
        Retry,
    }
}
