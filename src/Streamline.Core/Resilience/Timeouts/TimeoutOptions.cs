using System.Runtime.CompilerServices;

namespace Streamline.Resilience;

/// <summary>How long the parts of an exchange may take. Each limit is reported by a phase of its own in <see cref="StreamTimeoutException"/>.</summary>
/// <remarks>The client copies the values when it is built, so later changes have no effect on it.</remarks>
public sealed class TimeoutOptions
{
    /// <summary>The default of <see cref="FirstEvent"/>: 5 minutes, because some models think before they send their first byte.</summary>
    internal static readonly TimeSpan DefaultFirstEvent = TimeSpan.FromMinutes(5);

    /// <summary>The default of <see cref="Idle"/>: 2 minutes, which providers' pings stay well below.</summary>
    internal static readonly TimeSpan DefaultIdle = TimeSpan.FromMinutes(2);

    /// <summary>The default of <see cref="Progress"/>: 10 minutes.</summary>
    internal static readonly TimeSpan DefaultProgress = TimeSpan.FromMinutes(10);

    /// <summary>The default of <see cref="MaxLag"/>: 30 seconds.</summary>
    internal static readonly TimeSpan DefaultMaxLag = TimeSpan.FromSeconds(30);

    /// <summary>What <c>UseDefaults</c> sets <see cref="Total"/> to: one hour.</summary>
    internal static readonly TimeSpan DefaultTotal = TimeSpan.FromHours(1);

    internal static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(int.MaxValue);

    /// <summary>
    /// Gets or sets how long the stream may be waited for until its first event other than <see cref="KeepAlive"/>: a server that accepts a request and then only sends pings or comments has
    /// not answered. <see cref="Idle"/> begins after that event.
    /// </summary>
    /// <value>More than zero, at most <see cref="int.MaxValue"/> ms (24.8 days); <see langword="null"/> for no limit. The default is 5 minutes, because some models think before they send their first byte.</value>
    public TimeSpan? FirstEvent
    {
        get;
        set => field = InRange(value);
    } = DefaultFirstEvent;

    /// <summary>
    /// Gets or sets how long each further event may take. <see cref="KeepAlive"/> counts as an event. The time that the consumer spends on an
    /// event does not count.
    /// </summary>
    /// <value>More than zero, at most <see cref="int.MaxValue"/> ms (24.8 days); <see langword="null"/> for no limit. The default is 2 minutes, which providers' pings stay well below.</value>
    public TimeSpan? Idle
    {
        get;
        set => field = InRange(value);
    } = DefaultIdle;

    /// <summary>
    /// Gets or sets how long the stream may be waited for without an event other than <see cref="KeepAlive"/>, so that a server that only sends pings or comments does
    /// not hold a stream for ever.
    /// </summary>
    /// <value>More than zero, at most <see cref="int.MaxValue"/> ms (24.8 days); <see langword="null"/> for no limit. The default is 10 minutes.</value>
    public TimeSpan? Progress
    {
        get;
        set => field = InRange(value);
    } = DefaultProgress;

    /// <summary>Gets or sets how many characters a second the model has to write, while it writes a text, reasoning or the arguments of a call.</summary>
    /// <value>
    /// UTF-16 code units a second, more than zero; <see langword="null"/> for no limit, which is the default. Between two blocks, and before the first character of one, nothing is
    /// measured: a tool of the provider may run, or the model think. Nor is the time that the consumer spends on an event.
    /// </value>
    public double? MinThroughput
    {
        get;
        set
        {
            if (value is { } rate && !(rate > 0 && double.IsFinite(rate)))
            {
                throw new ArgumentOutOfRangeException(nameof(MinThroughput), value, "Expected a number more than zero.");
            }

            field = value;
        }
    }

    /// <summary>Gets or sets how far a model may lag behind <see cref="MinThroughput"/> within one block.</summary>
    /// <value>
    /// The time that the missing characters would take at that rate: a model that stops altogether has used it up after this time, one that writes half as fast after twice this time. More than
    /// zero, at most <see cref="int.MaxValue"/> ms (24.8 days). The default is 30 seconds. Characters beyond the rate are not saved up.
    /// </value>
    public TimeSpan MaxLag
    {
        get;
        set => field = InRange(value)!.Value;
    } = DefaultMaxLag;

    /// <summary>Gets or sets how long the whole exchange may take, including the time that the consumer spends on events.</summary>
    /// <value>
    /// More than zero, at most <see cref="int.MaxValue"/> ms (24.8 days); <see langword="null"/> for no limit, which is the default of <c>UseTimeouts</c>. <c>UseDefaults</c> sets it to
    /// one hour.
    /// </value>
    public TimeSpan? Total
    {
        get;
        set => field = InRange(value);
    }

    /// <summary>Gets or sets the clock of the limits.</summary>
    /// <value>The default is <see langword="null"/>: the clock of the pipeline, see <see cref="StreamClientBuilder.UseTimeProvider"/>.</value>
    public TimeProvider? TimeProvider { get; set; }

    /// <summary>Gets a value indicating whether there is no limit at all.</summary>
    internal bool IsUnlimited => this is { FirstEvent: null, Idle: null, Progress: null, MinThroughput: null, Total: null };

    internal TimeoutOptions Copy() => (TimeoutOptions)MemberwiseClone();

    private static TimeSpan? InRange(TimeSpan? value, [CallerMemberName] string option = "")
    {
        if (value is { } limit)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero, option);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, Longest, option);
        }

        return value;
    }
}
