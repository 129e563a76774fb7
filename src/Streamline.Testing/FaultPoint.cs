using System.Globalization;
using System.Runtime.InteropServices;

namespace Streamline.Testing;

/// <summary>Where in a reply a fault strikes: at a byte of its body, after a number of its events, or before its head.</summary>
/// <remarks>The default value is byte 0: the head is sent, and nothing of the body.</remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct FaultPoint
{
    private readonly Unit _unit;
    private readonly long _position;

    private FaultPoint(Unit unit, long position)
    {
        _unit = unit;
        _position = position;
    }

    private enum Unit
    {
        Byte,
        Event,
        Head,
    }

    /// <summary>Gets the point before the status line: the client gets nothing at all.</summary>
    public static FaultPoint BeforeHead { get; } = new(Unit.Head, 0);

    internal bool IsBeforeHead => _unit == Unit.Head;

    internal long? Byte => _unit == Unit.Byte ? _position : null;

    /// <summary>Creates a point in the bytes of the body.</summary>
    /// <param name="offset">How many bytes of the body come before the fault; bytes that another fault puts in do not count.</param>
    /// <returns>The point.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="offset"/> is negative.</exception>
    public static FaultPoint AtByte(long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return new FaultPoint(Unit.Byte, offset);
    }

    /// <summary>Creates a point between two events of the script. A body of raw bytes counts as one event.</summary>
    /// <param name="count">How many events come before the fault, those that the protocol does not support included; 0 for none.</param>
    /// <returns>The point.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public static FaultPoint AfterEvent(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return new FaultPoint(Unit.Event, count);
    }

    /// <summary>Describes the point.</summary>
    /// <returns>Such as <c>byte 200</c>.</returns>
    public override string ToString() => _unit switch
    {
        Unit.Byte => string.Create(CultureInfo.InvariantCulture, $"byte {_position}"),
        Unit.Event => string.Create(CultureInfo.InvariantCulture, $"after event {_position}"),
        _ => "before the head",
    };
}
