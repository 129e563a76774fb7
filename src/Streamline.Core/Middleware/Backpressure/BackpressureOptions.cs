namespace Streamline;

/// <summary>How far a stream may run ahead of its consumer.</summary>
/// <remarks>The client copies the values when it is built, so later changes do nothing to it.</remarks>
public sealed class BackpressureOptions
{
    /// <summary>The default of <see cref="Capacity"/>: 256.</summary>
    public const int DefaultCapacity = 256;

    /// <summary>The default of <see cref="MaxBufferedChars"/>: 1 Mi code units, 2 MiB.</summary>
    public const int DefaultMaxBufferedChars = 1024 * 1024;

    /// <summary>Gets or sets how many events are buffered at most. One more may have been read, which waits for room.</summary>
    /// <value>From 1 to 1,048,576. The default is <see cref="DefaultCapacity"/>.</value>
    public int Capacity
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1024 * 1024);
            field = value;
        }
    } = DefaultCapacity;

    /// <summary>Gets or sets how much text and raw JSON the buffered events hold at most, whatever their number. A single event that is larger is buffered alone.</summary>
    /// <value>In UTF-16 code units of text and UTF-8 bytes of raw JSON, at least 1. The default is <see cref="DefaultMaxBufferedChars"/>.</value>
    public int MaxBufferedChars
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = DefaultMaxBufferedChars;

    /// <summary>Gets or sets what to do with a further event when the buffer is full.</summary>
    /// <value>The default is <see cref="BackpressureFullMode.Wait"/>.</value>
    public BackpressureFullMode FullMode
    {
        get;
        set
        {
            if (!Enum.IsDefined(value))
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, "Expected Wait or Coalesce.");
            }

            field = value;
        }
    }

    /// <summary>Gets or sets the clock by which it is seen that the consumer is away.</summary>
    /// <value>The default is <see cref="TimeProvider.System"/>.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public TimeProvider TimeProvider
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(value));
    } = TimeProvider.System;

    internal BackpressureOptions Copy() => (BackpressureOptions)MemberwiseClone();
}
