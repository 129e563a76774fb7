using System.Runtime.CompilerServices;
using System.Text;
using Streamline.Protocols.Shared;

namespace Streamline.Sse;

internal sealed partial class SseEventParser
{
    private SseEventKind _currentKind;
    private bool _hasCurrent;

    // The event being read. Its offset is -1 before its first field line. The lines of its data are joined where they lie.
    private long _eventOffset = -1;
    private SseSlice _data;
    private int _dataLines;
    private bool _hasEventType;

    // The last line that named an event, with its line end, and where the name is in it. Successive events mostly have the same name, so the
    // next such line is compared with this one before it is taken apart.
    private SseBuffer _eventLine;
    private SseSlice _eventType;
    private bool _isEventLineExpected;

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

    /// <summary>Gets the lines so far that are neither fields nor comments, joined by LF, up to the limit that the options set.</summary>
    public ReadOnlySpan<byte> UnrecognizedBytes => _unrecognized.Written;

    /// <inheritdoc cref="UnrecognizedBytes"/>
    public string UnrecognizedText => _unrecognizedText ?? Encoding.UTF8.GetString(_unrecognized.Written);

    /// <summary>Gets the event that <see cref="MoveNext"/> stopped at.</summary>
    public SseEvent Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _currentKind == SseEventKind.Message
            ? new SseEvent(
                SseEventKind.Message,
                _hasEventType ? _eventType.In(_eventLine.Written) : "message"u8,
                _data.In(_buffer),
                _lastEventId.Written,
                _eventOffset)
            : new SseEvent(SseEventKind.Comment, default, _comment.In(_buffer), _lastEventId.Written, _commentOffset);
    }

    /// <summary>Ends the event at its blank line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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

    /// <summary>Reads the last line of the stream, which lacks its line end.</summary>
    private void CompleteLine(ReadOnlySpan<byte> line, int start)
    {
        if (line[0] == Colon)
        {
            return;
        }

        var colon = line.IndexOf(Colon);
        var field = FieldOf(colon < 0 ? line : line[..colon]);
        if (_dispatchAtEnd || (_isWholeAtEnd is not null && field == SseField.Data && colon > 0))
        {
            ParseLine(line, start);
        }
        else if (field == SseField.None && !(colon < 0 && IsCutFieldName(line)))
        {
            // An error page or a bare JSON error often ends without a line end.
            KeepUnrecognized(line);
        }
    }

    private static bool IsCutFieldName(ReadOnlySpan<byte> line) =>
        "data"u8.StartsWith(line) || "event"u8.StartsWith(line) || "retry"u8.StartsWith(line) || "id"u8.StartsWith(line);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void EndEvent()
    {
        _eventOffset = -1;
        _data = default;
        _dataLines = 0;
        _hasEventType = false;
    }

    private void ReleaseValues()
    {
        // Both outlive the buffers: a report of a broken stream asks for them last.
        _lastEventIdText = LastEventId;
        _unrecognizedText = UnrecognizedText;
        _eventLine.Release();
        _pendingId.Release();
        _lastEventId.Release();
        _unrecognized.Release();
    }
}
