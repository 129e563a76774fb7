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

    // One array per thread is enough: a decoder reads one payload at a time, and never waits while it does.
    [ThreadStatic]
    private static PayloadRow[]? _spareRows;

    // A second one, for a payload that is read while another one is.
    [ThreadStatic]
    private static PayloadRow[]? _otherSpareRows;

    private readonly PayloadRow[] _rows;
    private readonly int _count;

    private Payload(ReadOnlySpan<byte> bytes, PayloadRow[] rows, int count)
    {
        Bytes = bytes;
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
        var rows = _spareRows ?? _otherSpareRows ?? new PayloadRow[InitialRows];
        if (_spareRows is null)
        {
            _otherSpareRows = null;
        }

        _spareRows = null;
        var utf8 = JsonPayload.ToUtf8(data);
        var isValid = PayloadTokenizer.TryRead(utf8, ref rows, out var count);
        payload = new Payload(utf8, rows, isValid ? count : 0);
        return isValid;
    }

    /// <summary>Returns the rows for the next payload.</summary>
    public void Dispose()
    {
        if (_rows is { Length: <= MaxKeptRows })
        {
            _otherSpareRows = _spareRows;
            _spareRows = _rows;
        }
    }
}
