using System.Runtime.CompilerServices;

namespace Streamline.Sse;

/// <summary>The fields that a line can be.</summary>
internal enum SseField
{
    None,
    Data,
    EventType,
    Id,
    Retry,
}

/// <summary>Takes lines apart into the name of a field and its value.</summary>
internal static class SseFields
{
    public const byte Colon = (byte)':';

    // The longest interval that every timer of the platform accepts, so that a server cannot make a later wait throw.
    private const long MaxReconnectionMilliseconds = int.MaxValue;

    /// <summary>Finds the field of a line.</summary>
    /// <param name="line">The line, which is not a comment.</param>
    /// <param name="afterName">Where the value starts, or the space before it. Without a colon the whole line is the name, and the value is empty.</param>
    public static SseField Read(ReadOnlySpan<byte> line, out int afterName)
    {
        var colon = line.IndexOf(Colon);
        var name = colon < 0 ? line : line[..colon];
        afterName = colon < 0 ? line.Length : colon + 1;

        // Names are compared literally: "Data" and "data " are other names.
        return name switch
        {
            _ when name.SequenceEqual("data"u8) => SseField.Data,
            _ when name.SequenceEqual("event"u8) => SseField.EventType,
            _ when name.SequenceEqual("id"u8) => SseField.Id,
            _ when name.SequenceEqual("retry"u8) => SseField.Retry,
            _ => SseField.None,
        };
    }

    /// <summary>"If value starts with a U+0020 SPACE character, remove it from value": one space, and no tab.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ValueStart(ReadOnlySpan<byte> line, int afterName) =>
        afterName < line.Length && line[afterName] == (byte)' ' ? afterName + 1 : afterName;

    /// <summary>Tells whether a line may be the beginning of the name of a field.</summary>
    public static bool IsCutName(ReadOnlySpan<byte> line) =>
        "data"u8.StartsWith(line) || "event"u8.StartsWith(line) || "retry"u8.StartsWith(line) || "id"u8.StartsWith(line);

    /// <summary>Reads the value of <c>retry</c>; <see langword="null"/> when it is anything but digits.</summary>
    public static TimeSpan? ReadInterval(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty || value.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return null;
        }

        var milliseconds = 0L;
        foreach (var digit in value)
        {
            milliseconds = Math.Min((milliseconds * 10) + (digit - '0'), MaxReconnectionMilliseconds);
        }

        return TimeSpan.FromMilliseconds(milliseconds);
    }
}
