namespace Streamline.Testing;

internal enum BodyStepKind
{
    /// <summary>Send the bytes as one chunk.</summary>
    Write,

    /// <summary>Let time pass.</summary>
    Delay,

    /// <summary>Wait for the test, or for the client to leave.</summary>
    Stall,

    /// <summary>End the body properly.</summary>
    End,

    /// <summary>Break the connection.</summary>
    Abort,
}

/// <summary>One thing to do while a body is sent.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Bytes">What to send; valid until the next step is asked for.</param>
/// <param name="Duration">How long to wait.</param>
internal readonly record struct BodyStep(BodyStepKind Kind, ReadOnlyMemory<byte> Bytes = default, TimeSpan Duration = default)
{
    public static BodyStep Write(ReadOnlyMemory<byte> bytes) => new(BodyStepKind.Write, bytes);

    public static BodyStep Delay(TimeSpan duration) => new(BodyStepKind.Delay, default, duration);
}
