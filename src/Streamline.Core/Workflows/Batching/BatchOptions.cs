namespace Streamline.Workflows;

/// <summary>When a batch is complete; for <see cref="BatchExtensions.Batch{T}(IAsyncEnumerable{T}, BatchOptions{T}, CancellationToken)"/>. What is reached first counts.</summary>
/// <typeparam name="T">The type of the items.</typeparam>
public sealed class BatchOptions<T>
{
    /// <summary>Gets or sets the greatest number of items in a batch. Default: 100.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxCount
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxCount));
            field = value;
        }
    } = 100;

    /// <summary>Gets or sets the longest time that the first item of a batch waits for the others. Default: <see cref="Timeout.InfiniteTimeSpan"/>, for no limit.</summary>
    /// <value><see cref="TimeSpan.Zero"/> for batches of what is there without waiting.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative and not <see cref="Timeout.InfiniteTimeSpan"/>.</exception>
    public TimeSpan MaxWait
    {
        get;
        set
        {
            if (value != Timeout.InfiniteTimeSpan)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero, nameof(MaxWait));
            }

            field = value;
        }
    } = Timeout.InfiniteTimeSpan;

    /// <summary>Gets or sets the greatest weight of a batch, in the unit of <see cref="Weigh"/>. Default: <see cref="long.MaxValue"/>, for no limit.</summary>
    /// <value>An item that is heavier by itself makes a batch of its own.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public long MaxWeight
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxWeight));
            field = value;
        }
    } = long.MaxValue;

    /// <summary>Gets or sets how much an item weighs, such as its characters or an estimate of its tokens. <see langword="null"/> (default) when weights do not matter.</summary>
    /// <value>A weight below zero counts as zero. An exception ends the stream like one of the source, after a batch of the items before.</value>
    public Func<T, long>? Weigh { get; set; }

    /// <summary>Gets or sets a token that ends the reading and loses nothing: no further item is read, the items that were read make a last batch, and the stream ends.</summary>
    public CancellationToken Stopping { get; set; }

    /// <summary>Gets or sets the clock of <see cref="MaxWait"/>. Default: the system's.</summary>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public TimeProvider TimeProvider
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value, nameof(TimeProvider));
            field = value;
        }
    } = TimeProvider.System;

    internal BatchOptions<T> Copy() => (BatchOptions<T>)MemberwiseClone();
}
