namespace Streamline.Workflows;

/// <summary>How many streams run at once, and how they are merged; for <see cref="StreamMerge"/>.</summary>
public sealed class StreamMergeOptions
{
    /// <summary>Gets or sets how many streams run at once. Default: 4.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxConcurrency
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxConcurrency));
            field = value;
        }
    } = 4;

    /// <summary>Gets or sets the order of the events. Default: <see cref="StreamMergeOrder.AsTheyCome"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not defined.</exception>
    public StreamMergeOrder Order
    {
        get;
        set => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(Order), value, "Expected AsTheyCome or InOrder.");
    }

    /// <summary>
    /// Gets or sets how many events wait for the reader: of all streams together, or with <see cref="StreamMergeOrder.InOrder"/> of each one. A stream whose event
    /// finds no room waits. Default: 256.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxBufferedEvents
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxBufferedEvents));
            field = value;
        }
    } = 256;

    /// <summary>Gets or sets a token that ends the run and loses nothing: no further input is taken, the streams that run continue to their end, and then the events end.</summary>
    public CancellationToken Stopping { get; set; }

    internal StreamMergeOptions Copy() => (StreamMergeOptions)MemberwiseClone();
}
