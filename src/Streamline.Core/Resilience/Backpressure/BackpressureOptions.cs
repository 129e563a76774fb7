namespace Streamline.Resilience;

/// <summary>How far a stream may run ahead of its consumer.</summary>
/// <remarks>The client copies the values when it is built, so later changes have no effect on it.</remarks>
public sealed class BackpressureOptions
{
    /// <summary>Gets or sets how many events are buffered at most. One more may have been read; it waits for room.</summary>
    /// <value>From 1 to 1,048,576. The default is 256.</value>
    public int Capacity
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(Capacity));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1024 * 1024, nameof(Capacity));
            field = value;
        }
    } = 256;

    /// <summary>Gets or sets how much text and raw JSON the buffered events hold at most, whatever their number. A single event that is larger is buffered alone.</summary>
    /// <value>In UTF-16 code units of text and UTF-8 bytes of raw JSON, at least 1. The default is 1 Mi code units, 2 MiB.</value>
    public int MaxBufferedChars
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxBufferedChars));
            field = value;
        }
    } = 1024 * 1024;

    /// <summary>Gets or sets what to do with a further event when the buffer is full.</summary>
    /// <value>The default is <see cref="BackpressureFullMode.Wait"/>.</value>
    public BackpressureFullMode FullMode
    {
        get;
        set => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(FullMode), value, "Expected Wait or Coalesce.");
    }

    internal BackpressureOptions Copy() => (BackpressureOptions)MemberwiseClone();
}
