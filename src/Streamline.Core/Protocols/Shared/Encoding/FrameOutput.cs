using System.Buffers;
using Streamline.Framing;
using Streamline.Sse;

namespace Streamline.Protocols.Shared;

/// <summary>Writes JSON payloads as the frames of a format. It serves one encoder, for one response after another.</summary>
/// <param name="format">The format.</param>
internal class FrameOutput(FrameFormat format)
{
    private readonly ArrayBufferWriter<byte> _payload = new();
    private IBufferWriter<byte> _target = new ArrayBufferWriter<byte>();
    private bool _isInArray;

    /// <summary>Sets where frames are written.</summary>
    public void SetTarget(IBufferWriter<byte> target) => _target = target;

    /// <summary>Writes a frame without a name, whose payload is an object.</summary>
    /// <param name="writeMembers">Writes the members of the object.</param>
    public void Write(Action<Utf8JsonWriter> writeMembers) => Write("", writeMembers);

    /// <summary>Writes a frame whose payload is an object.</summary>
    /// <param name="name">The name of the event, for the formats that have one; empty for none.</param>
    /// <param name="writeMembers">Writes the members of the object.</param>
    public void Write(string name, Action<Utf8JsonWriter> writeMembers)
    {
        _payload.ResetWrittenCount();
        JsonWriting.WriteObject(_payload, writeMembers);
        Write(name, _payload.WrittenSpan);
    }

    /// <summary>Writes a frame.</summary>
    /// <param name="name">The name of the event, for the formats that have one; empty for none.</param>
    /// <param name="payload">The payload, in UTF-8.</param>
    public virtual void Write(string name, ReadOnlySpan<byte> payload)
    {
        switch (format)
        {
            case FrameFormat.Sse:
                new SseWriter(_target).WriteEvent(Encoding.UTF8.GetBytes(name), payload);
                break;
            case FrameFormat.EventStream:
                EventStreamWriter.WriteEvent(_target, name, payload);
                break;
            case FrameFormat.JsonArray:
                _target.Write(_isInArray ? ",\n"u8 : "["u8);
                _target.Write(payload);
                _isInArray = true;
                break;
            default:
                WriteLine(payload);
                break;
        }
    }

    /// <summary>Writes an exception, for the one format that has a frame of its own for it.</summary>
    /// <param name="name">The type of the exception.</param>
    /// <param name="payload">The payload, in UTF-8.</param>
    public void WriteException(string name, ReadOnlySpan<byte> payload) => EventStreamWriter.WriteException(_target, name, payload);

    /// <summary>Writes a sign that the connection is alive, if the format has one.</summary>
    public void WriteKeepAlive()
    {
        if (format == FrameFormat.Sse)
        {
            new SseWriter(_target).WriteComment("keep-alive"u8);
        }
        else if (format != FrameFormat.EventStream)
        {
            _target.Write("\n"u8);
        }
    }

    /// <summary>Ends a response.</summary>
    public void End()
    {
        if (format == FrameFormat.JsonArray)
        {
            _target.Write(_isInArray ? "]"u8 : "[]"u8);
            _isInArray = false;
        }
    }

    // Within JSON a line end can only be white space between tokens. Here it would end the frame.
    private void WriteLine(ReadOnlySpan<byte> payload)
    {
        var line = _target.GetSpan(payload.Length + 1);
        payload.CopyTo(line);
        line[..payload.Length].Replace((byte)'\n', (byte)' ');
        line[payload.Length] = (byte)'\n';
        _target.Advance(payload.Length + 1);
    }
}
