namespace Streamline;

/// <summary>How long the parts of an exchange may take. Each limit is reported by a phase of its own in <see cref="StreamTimeoutException"/>.</summary>
/// <remarks>The client copies the values when it is built, so later changes have no effect on it.</remarks>
public sealed class TimeoutOptions
{
    /// <summary>The default of <see cref="FirstEvent"/>: 5 minutes, because some models think before they send their first byte.</summary>
    public static readonly TimeSpan DefaultFirstEvent = TimeSpan.FromMinutes(5);

    /// <summary>The default of <see cref="Idle"/>: 2 minutes, which providers' pings stay well below.</summary>
    public static readonly TimeSpan DefaultIdle = TimeSpan.FromMinutes(2);

    /// <summary>The default of <see cref="Progress"/>: 10 minutes.</summary>
    public static readonly TimeSpan DefaultProgress = TimeSpan.FromMinutes(10);

    internal static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(int.MaxValue);

    /// <summary>Gets or sets how long the first event may take, of any kind, from the start of the enumeration on.</summary>
    /// <value>More than zero, at most <see cref="int.MaxValue"/> ms (24.8 days); <see langword="null"/> for no limit. The default is <see cref="DefaultFirstEvent"/>.</value>
    public TimeSpan? FirstEvent
    {
        get;
        set => field = InRange(value);
    } = DefaultFirstEvent;

    /// <summary>
    /// Gets or sets how long each further event may take. <see cref="KeepAlive"/> counts as an event. The time that the consumer spends on an
    /// event does not count.
    /// </summary>
    /// <value>More than zero, at most <see cref="int.MaxValue"/> ms (24.8 days); <see langword="null"/> for no limit. The default is <see cref="DefaultIdle"/>.</value>
    public TimeSpan? Idle
    {
        get;
        set => field = InRange(value);
    } = DefaultIdle;

    /// <summary>
    /// Gets or sets how long the stream may be waited for without an event other than <see cref="KeepAlive"/>, so that a server that only sends pings or comments does
    /// not hold a stream for ever.
    /// </summary>
    /// <value>More than zero, at most <see cref="int.MaxValue"/> ms (24.8 days); <see langword="null"/> for no limit. The default is <see cref="DefaultProgress"/>.</value>
    public TimeSpan? Progress
    {
        get;
        set => field = InRange(value);
    } = DefaultProgress;

    /// <summary>Gets or sets how long the whole exchange may take, including the time that the consumer spends on events.</summary>
    /// <value>More than zero, at most <see cref="int.MaxValue"/> ms (24.8 days); <see langword="null"/> for no limit, which is the default.</value>
    public TimeSpan? Total
    {
        get;
        set => field = InRange(value);
    }

    /// <summary>Gets or sets the clock of the limits.</summary>
    /// <value>The default is <see langword="null"/>: the clock of the pipeline, see <see cref="StreamClientBuilder.UseTimeProvider"/>.</value>
    public TimeProvider? TimeProvider { get; set; }

    /// <summary>Gets a value indicating whether there is no limit at all.</summary>
    internal bool IsUnlimited => this is { FirstEvent: null, Idle: null, Progress: null, Total: null };

    internal TimeoutOptions Copy() => (TimeoutOptions)MemberwiseClone();

    private static TimeSpan? InRange(TimeSpan? value)
    {
        if (value is { } limit)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero, nameof(value));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, Longest, nameof(value));
        }

        return value;
    }
}
