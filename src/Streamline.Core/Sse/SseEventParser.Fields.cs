using System.Runtime.CompilerServices;

namespace Streamline.Sse;

internal sealed partial class SseEventParser
{
    private const byte Colon = (byte)':';

    // The longest interval that every timer of the platform accepts, so that a server cannot make a later wait throw.
    private const long MaxReconnectionMilliseconds = int.MaxValue;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool ParseLine(ReadOnlySpan<byte> line, int start)
    {
        ThrowIfTooLong(line.Length);
        if (line[0] == Colon)
        {
            return _reportComments && ReportComment(line, start);
        }

        BeginEvent(start);
        if (line.StartsWith("data:"u8))
        {
            AddData(line, start, "data:".Length);
        }
        else if (line.StartsWith("event:"u8))
        {
            SetEventType(line, start, "event:".Length);
        }
        else
        {
            ParseRareLine(line, start);
        }

        return false;
    }

    private void ParseRareLine(ReadOnlySpan<byte> line, int start)
    {
        var colon = line.IndexOf(Colon);

        // Without a colon the whole line is the name, and the value is empty.
        var name = colon < 0 ? line : line[..colon];
        var afterName = colon < 0 ? line.Length : colon + 1;
        switch (FieldOf(name))
        {
            case SseField.Data:
                AddData(line, start, afterName);
                break;
            case SseField.EventType:
                SetEventType(line, start, afterName);
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

    private bool ReportComment(ReadOnlySpan<byte> line, int start)
    {
        var from = ValueStart(line, 1);
        _comment = new SseSlice(start + from, line.Length - from);
        _commentOffset = _offset + start;
        _currentKind = SseEventKind.Comment;
        return _hasCurrent = true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddData(ReadOnlySpan<byte> line, int start, int afterName)
    {
        var from = ValueStart(line, afterName);
        var value = new SseSlice(start + from, line.Length - from);
        if (_dataLines++ == 0)
        {
            ThrowIfTooLarge(value.Length);
            _data = value;
        }
        else
        {
            JoinData(value);
        }
    }

    // The LF that the specification appends to every line and takes from the last is written between lines instead. There is always place for it:
    // the name of this line's field lies between the two values.
    private void JoinData(SseSlice value)
    {
        var joined = (long)_data.Length + 1 + value.Length;
        ThrowIfTooLarge(joined);
        _buffer[_data.End] = LineFeed;
        value.In(_buffer).CopyTo(_buffer.AsSpan(_data.End + 1));
        _data = new SseSlice(_data.Start, (int)joined);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ThrowIfTooLarge(long dataLength)
    {
        if (dataLength > _maxEventBytes)
        {
            ThrowLimit(nameof(SseReaderOptions.MaxEventBytes), _maxEventBytes, dataLength);
        }
    }

    private void SetEventType(ReadOnlySpan<byte> line, int start, int afterName)
    {
        var from = ValueStart(line, afterName);
        _eventType = new SseSlice(from, line.Length - from);
        _hasEventType = _eventType.Length > 0;
        _eventLine.Clear();
        _eventLine.Append(Received[start..Math.Min(start + line.Length + 1, _end)]);

        // Only with LF is it sure that the line ends there: after a CR, more of its end may follow.
        _isEventLineExpected = _eventLine.Written[^1] == LineFeed;
    }

    /// <summary>Takes the line that names the event, if it is the same as the last one.</summary>
    /// <returns>Where the next line starts.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int PassEventLine(ReadOnlySpan<byte> input, int start)
    {
        var line = _eventLine.Written;
        if (!input[start..].StartsWith(line))
        {
            return start;
        }

        _hasEventType = _eventType.Length > 0;
        BeginEvent(start);
        return start + line.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void BeginEvent(int start)
    {
        if (_eventOffset < 0)
        {
            _eventOffset = _offset + start;
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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
