using System.Globalization;
using Streamline.Json;

namespace Streamline.Structured;

/// <summary>The value that a preview has where an enumeration is wanted and none has arrived, or one that does not exist.</summary>
internal static class UnknownEnum
{
    /// <summary>Finds a value that an enumeration does not define, so that it is not mistaken for one that the model chose.</summary>
    /// <param name="type">The type of the enumeration.</param>
    /// <returns>0 where that is not defined; else the highest value that is not, with all bits set where it can be. <see langword="null"/> for flags, of which none is set.</returns>
    public static object? Of(Type type)
    {
        if (!type.IsEnum || type.IsDefined(typeof(FlagsAttribute), inherit: false))
        {
            return null;
        }

        var defined = new HashSet<decimal>();
        foreach (var value in Enum.GetValuesAsUnderlyingType(type))
        {
            defined.Add(Convert.ToDecimal(value, CultureInfo.InvariantCulture));
        }

        if (!defined.Contains(0))
        {
            return Enum.ToObject(type, 0);
        }

        var (unknown, least) = RangeOf(type);
        while (defined.Contains(unknown) && unknown > least)
        {
            unknown--;
        }

        return unknown < 0 ? Enum.ToObject(type, (long)unknown) : Enum.ToObject(type, (ulong)unknown);
    }

    /// <summary>Whether a text is several names joined by commas, which the serializer adds up to another value.</summary>
    public static bool IsSum(Type type, PartialJsonElement element) =>
        (Nullable.GetUnderlyingType(type) ?? type) is { IsEnum: true } names
        && !names.IsDefined(typeof(FlagsAttribute), inherit: false)
        && element.TryGetString(out var name)
        && name.Contains(',', StringComparison.Ordinal);

    private static (decimal Most, decimal Least) RangeOf(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Byte => (byte.MaxValue, 0),
        TypeCode.UInt16 => (ushort.MaxValue, 0),
        TypeCode.UInt32 => (uint.MaxValue, 0),
        TypeCode.UInt64 => (ulong.MaxValue, 0),
        TypeCode.SByte => (-1, sbyte.MinValue),
        _ => (-1, short.MinValue),
    };
}
