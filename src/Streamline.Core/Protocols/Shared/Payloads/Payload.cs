namespace Streamline.Protocols.Shared;

/// <summary>
/// The JSON payload of one frame, read in one pass without a copy: values are places in the frame's bytes, and become strings, numbers or
/// <see cref="JsonElement"/>s only where a decoder asks for them.
/// </summary>
/// <remarks>
/// Borrowed: it and its values are valid until it is disposed, and no longer than the bytes of the frame. Bytes that are not UTF-8, and escapes that are
/// half of a surrogate pair, read as U+FFFD.
/// </remarks>
internal readonly ref struct Payload : IDisposable
{
    private const int InitialRows = 256;
    private const int MaxKeptRows = 64 * 1024;

    // A decoder reads one payload at a time, and never waits while it does. One look-up of the thread's data per payload is enough.
    [ThreadStatic]
    private static SpareRows? _threadsRows;

    private readonly SpareRows? _spares;
    private readonly PayloadRow[] _rows;
    private readonly int _count;

    private Payload(ReadOnlySpan<byte> bytes, SpareRows spares, PayloadRow[] rows, int count)
    {
        Bytes = bytes;
        _spares = spares;
        _rows = rows;
        _count = count;
    }

    /// <summary>Gets the JSON text in UTF-8. <see cref="PayloadValue.Slice"/> and the like are places in it.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Gets all values and member names, in the order of the text.</summary>
    public ReadOnlySpan<PayloadRow> Rows => _rows.AsSpan(0, _count);

    /// <summary>Gets the value of the whole text; <see cref="PayloadValue.Exists"/> is <see langword="false"/> when the text was not JSON.</summary>
    public PayloadValue Root => _count == 0 ? default : new PayloadValue(Bytes, ref _rows[0]);

    /// <summary>Reads a payload that must be JSON.</summary>
    /// <param name="data">The payload.</param>
    /// <param name="what">What the payload is, for the message of an error, such as "a chunk".</param>
    /// <param name="byteOffset">The offset of the payload in the stream, for the message of an error.</param>
    /// <exception cref="StreamProtocolException">The payload is not JSON.</exception>
    /// <exception cref="StreamLimitException">The payload nests deeper than <see cref="ProviderJson.MaxPayloadDepth"/>.</exception>
    public static Payload Parse(ReadOnlySpan<byte> data, string what, long byteOffset)
    {
        if (TryParse(data, out var payload))
        {
            return payload;
        }

        payload.Dispose();
        throw JsonPayload.Explain(payload.Bytes, what, byteOffset);
    }

    /// <summary>Reads a payload that may be anything.</summary>
    /// <param name="data">The payload.</param>
    /// <param name="payload">The payload, to be disposed in any case.</param>
    /// <returns><see langword="false"/> when it is not JSON, or deeper than <see cref="ProviderJson.MaxPayloadDepth"/>.</returns>
    public static bool TryParse(ReadOnlySpan<byte> data, out Payload payload)
    {
        var spares = _threadsRows ??= new SpareRows();
        var rows = spares.Take() ?? new PayloadRow[InitialRows];
        var utf8 = JsonPayload.ToUtf8(data);
        var isValid = PayloadTokenizer.TryRead(utf8, ref rows, out var count);
        payload = new Payload(utf8, spares, rows, isValid ? count : 0);
        return isValid;
    }

    /// <summary>Returns the rows for the next payload.</summary>
    public void Dispose()
    {
        if (_rows is { Length: <= MaxKeptRows })
        {
            _spares!.Return(_rows);
        }
    }

    /// <summary>The arrays of a thread that are not in use: one, and a second one for a payload that is read while another one is.</summary>
    private sealed class SpareRows
    {
        private PayloadRow[]? _first;
        private PayloadRow[]? _second;

        public PayloadRow[]? Take()
        {
            var rows = _first;
            _first = _second;
            _second = null;
            return rows;
        }

        public void Return(PayloadRow[] rows)
        {
            _second = _first;
            _first = rows;
        }
    }
}
