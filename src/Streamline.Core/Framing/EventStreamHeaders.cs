using System.Buffers.Binary;

namespace Streamline.Framing;

/// <summary>The headers of a message of an AWS event stream that say what it is. Others are skipped.</summary>
internal ref struct EventStreamHeaders
{
    private const byte LongestFixedType = 5;
    private const byte BytesType = 6;
    private const byte StringType = 7;
    private const byte TimestampType = 8;
    private const byte UuidType = 9;

    private int _kept; // one bit for each of those below

    public ReadOnlySpan<byte> MessageType { get; private set; }

    public ReadOnlySpan<byte> EventType { get; private set; }

    public ReadOnlySpan<byte> ExceptionType { get; private set; }

    public ReadOnlySpan<byte> ErrorCode { get; private set; }

    public ReadOnlySpan<byte> ErrorMessage { get; private set; }

    /// <summary>Reads a header: the length of its name, the name, its type, and its value.</summary>
    /// <param name="rest">The remaining headers; on return, those after the one that was read.</param>
    /// <returns><see langword="false"/> when the header is cut, of a type that is not known, so that its length is not either, or there for the second time.</returns>
    public bool TryReadNext(scoped ref ReadOnlySpan<byte> rest)
    {
        var nameLength = rest[0];
        if (nameLength == 0 || rest.Length < nameLength + 2)
        {
            return false;
        }

        var name = rest.Slice(1, nameLength);
        var type = rest[nameLength + 1];
        if (!TryReadValue(type, rest[(nameLength + 2)..], out var value, out var after))
        {
            return false;
        }

        if (type == StringType && !TryKeep(name, value))
        {
            return false;
        }

        rest = after;
        return true;
    }

    private static bool TryReadValue(byte type, ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> value, out ReadOnlySpan<byte> after)
    {
        value = after = default;
        var start = type is BytesType or StringType ? sizeof(ushort) : 0;
        if (bytes.Length < start)
        {
            return false;
        }

        // True and false have no bytes; then come the whole numbers of 1, 2, 4 and 8.
        var length = type switch
        {
            0 or 1 => 0,
            <= LongestFixedType => 1 << (type - 2),
            BytesType or StringType => BinaryPrimitives.ReadUInt16BigEndian(bytes),
            TimestampType => sizeof(long),
            UuidType => 16,
            _ => int.MaxValue,
        };
        if (length > bytes.Length - start)
        {
            return false;
        }

        value = bytes.Slice(start, length);
        after = bytes[(start + length)..];
        return true;
    }

    private bool TryKeep(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        switch (name)
        {
            case var _ when name.SequenceEqual(":message-type"u8):
                MessageType = value;
                return IsFirst(1);
            case var _ when name.SequenceEqual(":event-type"u8):
                EventType = value;
                return IsFirst(1 << 1);
            case var _ when name.SequenceEqual(":exception-type"u8):
                ExceptionType = value;
                return IsFirst(1 << 2);
            case var _ when name.SequenceEqual(":error-code"u8):
                ErrorCode = value;
                return IsFirst(1 << 3);
            case var _ when name.SequenceEqual(":error-message"u8):
                ErrorMessage = value;
                return IsFirst(1 << 4);
            default:
                return true;
        }
    }

    private bool IsFirst(int header)
    {
        var isFirst = (_kept & header) == 0;
        _kept |= header;
        return isFirst;
    }
}
