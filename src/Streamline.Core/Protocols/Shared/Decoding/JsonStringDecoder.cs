using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Streamline.Protocols.Shared;

/// <summary>
/// Decodes the bodies of JSON strings that are pieces of one text. Keeps a high surrogate that ends a piece as an escape,
/// until the next piece shows whether its other half follows: a pair is never split over two results.
/// </summary>
/// <remarks>A mutable struct: one per text, in a field. Bytes that are not UTF-8 become U+FFFD, as does half a pair.</remarks>
internal struct JsonStringDecoder
{
    private const char Replacement = '\uFFFD';

    // Small, as it is cleared with every piece that holds an escape; deltas are a few words.
    private const int StackChars = 128;

    private char _high;

    /// <summary>Gets a value indicating whether half a surrogate pair was replaced, so that the text is not what its pieces said.</summary>
    public bool HasReplacedHalves { get; private set; }

    /// <summary>Decodes a whole text.</summary>
    /// <param name="body">The bytes between the quotes, which a JSON reader has accepted.</param>
    public static string DecodeWhole(ReadOnlySpan<byte> body)
    {
        var decoder = default(JsonStringDecoder);
        return decoder.TryDecode(body, body.Contains((byte)'\\'), out var text)
            ? text + decoder.Complete()
            : throw new ArgumentException("The body of a JSON string holds an invalid escape.", nameof(body));
    }

    /// <summary>Decodes the next piece.</summary>
    /// <param name="body">The bytes between the quotes, without control characters and unescaped quotes.</param>
    /// <param name="isEscaped">Whether there is a backslash in them.</param>
    /// <param name="text">The text; empty when the piece is, or when all of it has to wait for the next piece.</param>
    /// <returns><see langword="false"/> when an escape is not one of JSON's; nothing is decoded then.</returns>
    public bool TryDecode(ReadOnlySpan<byte> body, bool isEscaped, [NotNullWhen(true)] out string? text)
    {
        if (isEscaped || _high != default)
        {
            return TryDecodeSlow(body, out text);
        }

        // A third faster for the few ASCII letters of a delta than to have them transcoded.
        text = Ascii.IsValid(body) ? Encoding.Latin1.GetString(body) : Encoding.UTF8.GetString(body);
        return true;
    }

    /// <summary>Ends the text.</summary>
    /// <returns>What was still waited with: U+FFFD for half a pair; otherwise nothing.</returns>
    public string Complete()
    {
        if (_high == default)
        {
            return "";
        }

        _high = default;
        HasReplacedHalves = true;
        return "\uFFFD";
    }

    private bool TryDecodeSlow(ReadOnlySpan<byte> body, [NotNullWhen(true)] out string? text)
    {
        if (body.IsEmpty)
        {
            text = "";
            return true;
        }

        // No escape and no UTF-8 sequence has more code units than bytes; one more for the surrogate that waits.
        var rented = body.Length < StackChars ? null : ArrayPool<char>.Shared.Rent(body.Length + 1);
        var buffer = rented ?? stackalloc char[StackChars];
        var next = this;
        var isValid = next.TryUnescape(body, buffer, out var written);
        text = isValid ? new string(buffer[..written]) : null;
        this = isValid ? next : this;
        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
        }

        return isValid;
    }

    private bool TryUnescape(ReadOnlySpan<byte> body, Span<char> output, out int written)
    {
        written = 0;
        while (!body.IsEmpty)
        {
            var plain = body.IndexOf((byte)'\\');
            plain = plain < 0 ? body.Length : plain;
            if (plain > 0)
            {
                Flush(output, ref written);
                written += Encoding.UTF8.GetChars(body[..plain], output[written..]);
                body = body[plain..];
                continue;
            }

            if (!TryReadEscape(ref body, out var unit))
            {
                return false;
            }

            if (_high != default && char.IsLowSurrogate(unit))
            {
                output[written++] = _high;
                output[written++] = unit;
                _high = default;
                continue;
            }

            Flush(output, ref written);
            if (char.IsHighSurrogate(unit))
            {
                _high = unit;
                continue;
            }

            HasReplacedHalves |= char.IsLowSurrogate(unit);
            output[written++] = char.IsLowSurrogate(unit) ? Replacement : unit;
        }

        return true;
    }

    private void Flush(Span<char> output, ref int written)
    {
        if (_high != default)
        {
            output[written++] = Replacement;
            _high = default;
            HasReplacedHalves = true;
        }
    }

    private static bool TryReadEscape(scoped ref ReadOnlySpan<byte> body, out char unit)
    {
        unit = default;
        if (body.Length < 2)
        {
            return false;
        }

        if (body[1] == (byte)'u')
        {
            return TryReadHex(ref body, out unit);
        }

        unit = body[1] switch
        {
            (byte)'"' => '"',
            (byte)'\\' => '\\',
            (byte)'/' => '/',
            (byte)'b' => '\b',
            (byte)'f' => '\f',
            (byte)'n' => '\n',
            (byte)'r' => '\r',
            (byte)'t' => '\t',
            _ => default,
        };
        body = body[2..];
        return unit != default;
    }

    private static bool TryReadHex(scoped ref ReadOnlySpan<byte> body, out char unit)
    {
        const int EscapeLength = 6;
        Span<byte> bytes = stackalloc byte[2];
        if (body.Length < EscapeLength
            || Convert.FromHexString(body.Slice(2, 4), bytes, out _, out _) != OperationStatus.Done)
        {
            unit = default;
            return false;
        }

        unit = (char)((bytes[0] << 8) | bytes[1]);
        body = body[EscapeLength..];
        return true;
    }
}
