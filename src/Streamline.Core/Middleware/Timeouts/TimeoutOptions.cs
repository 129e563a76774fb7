namespace Streamline;

/// <summary>How long the parts of an exchange may take. Each limit is reported by a phase of its own in <see cref="StreamTimeoutException"/>.</summary>
/// <remarks>The client copies the values when it is built, so later changes do nothing to it.</remarks>
public sealed class TimeoutOptions
{
    /// <summary>The default of <see cref="FirstEvent"/>: 5 minutes, because some models think before they send their first byte.</summary>
    public static readonly TimeSpan DefaultFirstEvent = TimeSpan.FromMinutes(5);

    /// <summary>The default of <see cref="Idle"/>: 2 minutes, which providers' pings stay well below.</summary>
    public static readonly TimeSpan DefaultIdle = TimeSpan.FromMinutes(2);

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

    /// <summary>Gets or sets how long the whole exchange may take, the time that the consumer spends on events included.</summary>
    /// <value>More than zero, at most <see cref="int.MaxValue"/> ms (24.8 days); <see langword="null"/> for no limit, which is the default.</value>
    public TimeSpan? Total
    {
        get;
        set => field = InRange(value);
    }

    /// <summary>Gets or sets the clock of the limits.</summary>
    /// <value>The default is <see cref="TimeProvider.System"/>.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public TimeProvider TimeProvider
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(value));
    } = TimeProvider.System;

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
