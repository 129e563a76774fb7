using System.Buffers;
using System.Text.Json;

namespace Streamline.Benchmarks.Json;

/// <summary>What applications do today without a parser of growing JSON: note what is open, close it, and parse everything at every delta.</summary>
internal sealed class ClosedByHand
{
    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly Stack<byte> _closers = new();
    private bool _isInString;
    private bool _isEscaped;

    /// <summary>Appends a delta and parses the text so far.</summary>
    /// <returns>Whether there was something to show; cut in an escape, a literal or behind a colon, there is not.</returns>
    public bool Append(ReadOnlySpan<byte> delta)
    {
        _text.Write(delta);
        foreach (var found in delta)
        {
            Note(found);
        }

        try
        {
            using var document = JsonDocument.Parse(Close(), new JsonDocumentOptions { AllowTrailingCommas = true });
            return document.RootElement.ValueKind != JsonValueKind.Undefined;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void Note(byte found)
    {
        if (_isInString)
        {
            _isInString = _isEscaped || found != (byte)'"';
            _isEscaped = !_isEscaped && found == (byte)'\\';
            return;
        }

        switch (found)
        {
            case (byte)'"':
                _isInString = true;
                break;
            case (byte)'{':
                _closers.Push((byte)'}');
                break;
            case (byte)'[':
                _closers.Push((byte)']');
                break;
            case (byte)'}' or (byte)']':
                _closers.Pop();
                break;
            default:
                break;
        }
    }

    private byte[] Close()
    {
        var closed = new byte[_text.WrittenCount + (_isInString ? 1 : 0) + _closers.Count];
        _text.WrittenSpan.CopyTo(closed);
        var end = _text.WrittenCount;
        if (_isInString)
        {
            closed[end++] = (byte)'"';
        }

        foreach (var closer in _closers)
        {
            closed[end++] = closer;
        }

        return closed;
    }
}
