using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace Streamline.Json;

/// <content>How the text comes in.</content>
public sealed partial class PartialJsonDocument
{
    private const int ShortChars = 32; // of the usual delta
    private const int MaxBytesPerChar = 3;
    private const int TranscodingBytes = 256;

    /// <summary>Appends the next bytes of the text.</summary>
    /// <param name="utf8Json">UTF-8 bytes, cut anywhere. They are copied.</param>
    /// <exception cref="StreamProtocolException">The text is malformed here, or was before.</exception>
    /// <exception cref="StreamLimitException">The text went past a limit here, or had before.</exception>
    /// <exception cref="InvalidOperationException">The end of the text has been declared.</exception>
    public void Append(ReadOnlySpan<byte> utf8Json)
    {
        if (!TryAppend(utf8Json))
        {
            throw Error!;
        }
    }

    /// <summary>Appends the next characters of the text.</summary>
    /// <param name="json">UTF-16 code units, cut anywhere, also between the halves of a surrogate pair.</param>
    /// <exception cref="StreamProtocolException">The text is malformed here, or was before. A surrogate without its other half is malformed.</exception>
    /// <exception cref="StreamLimitException">The text went past a limit here, or had before.</exception>
    /// <exception cref="InvalidOperationException">The end of the text has been declared.</exception>
    public void Append(ReadOnlySpan<char> json)
    {
        if (!TryAppend(json))
        {
            throw Error!;
        }
    }

    /// <summary>Appends the next bytes of the text, and tells whether the text is still valid.</summary>
    /// <param name="utf8Json">UTF-8 bytes, cut anywhere. They are copied.</param>
    /// <returns><see langword="false"/> when the text is malformed or too large, here or before: see <see cref="Error"/>.</returns>
    /// <exception cref="InvalidOperationException">The end of the text has been declared.</exception>
    public bool TryAppend(ReadOnlySpan<byte> utf8Json)
    {
        if (utf8Json.Length <= _usualMaxBytes - _bytesReceived)
        {
            return TryAppendUsual(utf8Json);
        }

        if (!CanAppend() || utf8Json.IsEmpty)
        {
            return Error is null;
        }

        TryFlushHighSurrogate();
        return TryAppendCore(utf8Json);
    }

    /// <summary>Appends the next characters of the text, and tells whether the text is still valid.</summary>
    /// <param name="json">UTF-16 code units, cut anywhere, also between the halves of a surrogate pair.</param>
    /// <returns><see langword="false"/> when the text is malformed or too large, here or before: see <see cref="Error"/>.</returns>
    /// <exception cref="InvalidOperationException">The end of the text has been declared.</exception>
    public bool TryAppend(ReadOnlySpan<char> json)
    {
        if (json.Length <= ShortChars && json.Length * MaxBytesPerChar <= _usualMaxBytes - _bytesReceived)
        {
            Span<byte> utf8 = stackalloc byte[ShortChars * MaxBytesPerChar];
            if (Utf8.FromUtf16(json, utf8, out _, out var length, replaceInvalidSequences: false) == OperationStatus.Done)
            {
                return TryAppendUsual(utf8[..length]);
            }
        }

        return TryAppendInParts(json);
    }

    private bool TryAppendInParts(ReadOnlySpan<char> json)
    {
        if (!CanAppend() || json.IsEmpty)
        {
            return Error is null;
        }

        // Past a fault the rest is still stored: the text so far includes the whole of the append that failed.
        Span<byte> utf8 = stackalloc byte[TranscodingBytes];
        if (_highSurrogate != default && Rune.TryCreate(_highSurrogate, json[0], out var rune))
        {
            _highSurrogate = default;
            json = json[1..];
            TryAppendCore(utf8[..rune.EncodeToUtf8(utf8)]);
        }

        TryFlushHighSurrogate();
        while (!json.IsEmpty)
        {
            var status = Utf8.FromUtf16(json, utf8, out var read, out var written, replaceInvalidSequences: false, isFinalBlock: false);
            TryAppendCore(utf8[..written]);
            json = json[read..];
            if (status == OperationStatus.NeedMoreData)
            {
                _highSurrogate = json[0];
                break;
            }

            if (status == OperationStatus.InvalidData)
            {
                TryAppendSurrogate(json[0]);
                json = json[1..];
            }
        }

        Measure();
        return Error is null;
    }

    private bool CanAppend()
    {
        if (_isEnded && Error is null)
        {
            throw new InvalidOperationException("The end of the JSON text has been declared; nothing can be appended to it.");
        }

        return Error is null;
    }

    private bool TryFlushHighSurrogate()
    {
        if (_highSurrogate == default || Error is not null)
        {
            return Error is null;
        }

        var surrogate = _highSurrogate;
        _highSurrogate = default;
        return TryAppendSurrogate(surrogate);
    }

    // A surrogate without its other half has no UTF-8 form. Spelt out regardless, it is refused like any other malformed byte.
    private bool TryAppendSurrogate(char surrogate)
    {
        if (_repairer is not null && Error is null)
        {
            _repairs.Add(PartialJsonRepairKind.LoneSurrogate, _bytesReceived, PartialJsonRepairConfidence.Safe);
            return TryAppendCore("\uFFFD"u8);
        }

        return TryAppendCore([(byte)(0xE0 | (surrogate >> 12)), (byte)(0x80 | ((surrogate >> 6) & 0x3F)), (byte)(0x80 | (surrogate & 0x3F))]);
    }

    private bool TryAppendCore(ReadOnlySpan<byte> utf8Json)
    {
        var room = _maxBytes - _bytesReceived;
        var isTooLong = utf8Json.Length > room;
        if (isTooLong)
        {
            utf8Json = utf8Json[..room];
        }

        _bytesReceived += utf8Json.Length;
        if (Error is not null)
        {
            if (_repairer is null)
            {
                _record.Keep(utf8Json);
            }

            return false;
        }

        if (TryRead(utf8Json) && isTooLong)
        {
            Error = new StreamLimitException(nameof(PartialJsonOptions.MaxBytes), _maxBytes, _maxBytes + 1L);
            Measure();
        }

        return Error is null;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryAppendUsual(ReadOnlySpan<byte> utf8Json)
    {
        _bytesReceived += utf8Json.Length;
        if (_record.AppendText(utf8Json))
        {
            ShowText(utf8Json);
            return true;
        }

        var status = _record.ReadAppended(utf8Json, out var count);
        if (status == OperationStatus.NeedMoreData)
        {
            _shown = _repairer is null ? _record.MeasureShown(_showGrowingNumbers) : _repairer.MeasureShown();
            return true;
        }

        _repairer?.TakeStop(status, utf8Json[count..], _bytesReceived - utf8Json.Length + count);
        return TryEndRead();
    }

    // A string or property name has grown, and nothing else has changed.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ShowText(ReadOnlySpan<byte> utf8Json)
    {
        if (!_shown.IsLastGrowing)
        {
            return; // a property name is not shown as long as it grows
        }

        if (_repairer is null)
        {
            _shown = _shown.WithByteCount(_record.ByteCount);
        }
        else if (_shown.RowCount == _record.Tape.Count)
        {
            _shown = _shown.WithByteCount(JsonShown.IsTailByte(utf8Json[^1]) ? _repairer.Shown.MeasureText(utf8Json, _shown.ByteCount) : _record.ByteCount);
        }
        else
        {
            _shown = _repairer.MeasureShown();
        }
    }

    private bool TryRead(ReadOnlySpan<byte> utf8Json)
    {
        if (_repairer is null)
        {
            _record.Append(utf8Json, out _);
        }
        else
        {
            _repairer.Append(utf8Json, _bytesReceived - utf8Json.Length);
        }

        return TryEndRead();
    }

    private bool TryEndRead()
    {
        Error = _repairer is null ? _record.Reader.CreateException() : _repairer.Error;
        Measure();
        return Error is null;
    }

    // Whatever may have changed what is shown, or what the usual append is, ends with this.
    private void Measure()
    {
        _shown = _repairer is null ? _record.MeasureShown(showsGrowingNumber: _showGrowingNumbers || _isEnded) : _repairer.MeasureShown();
        var isUsual = Error is null && !_isEnded && _highSurrogate == default && _repairer is not { TakesGrammar: false };
        _usualMaxBytes = isUsual ? Math.Min(_maxBytes, _bytesReceived + JsonRow.MaxTextBytes - _record.ByteCount) : -1; // a repaired text may be the longer one
    }
}
