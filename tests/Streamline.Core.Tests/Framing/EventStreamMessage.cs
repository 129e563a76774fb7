using System.Buffers.Binary;
using System.Text;
using Streamline.Framing;

namespace Streamline.Tests.Framing;

/// <summary>Writes messages of an AWS event stream.</summary>
internal static class EventStreamMessage
{
    public static byte[] Event(string type, ReadOnlySpan<byte> payload) =>
        Write([.. Text(":message-type", "event"), .. Text(":event-type", type), .. Text(":content-type", "application/json")], payload);

    public static byte[] Write(ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload)
    {
        var message = new byte[12 + headers.Length + payload.Length + 4];
        BinaryPrimitives.WriteUInt32BigEndian(message, (uint)message.Length);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(4), (uint)headers.Length);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(8), Crc32.Compute(message.AsSpan(0, 8)));
        headers.CopyTo(message.AsSpan(12));
        payload.CopyTo(message.AsSpan(12 + headers.Length));
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(message.Length - 4), Crc32.Compute(message.AsSpan(0, message.Length - 4)));
        return message;
    }

    public static byte[] Text(string name, string value) =>
        Header(name, type: 7, [(byte)(value.Length >> 8), (byte)value.Length, .. Encoding.UTF8.GetBytes(value)]);

    public static byte[] Header(string name, byte type, ReadOnlySpan<byte> value) => [(byte)name.Length, .. Encoding.UTF8.GetBytes(name), type, .. value];
}
