namespace Streamline;

/// <summary>How <c>UseTools</c> runs tools and goes on from round to round.</summary>
/// <remarks>Not thread-safe. The client takes a copy when it is built, so that later changes have no effect.</remarks>
public sealed class ToolLoopOptions
{
    /// <summary>The default of <see cref="MaxRounds"/>.</summary>
    public const int DefaultMaxRounds = 32;

    /// <summary>The default of <see cref="MaxCallsPerRound"/>.</summary>
    public const int DefaultMaxCallsPerRound = 128;

    /// <summary>The default of <see cref="MaxConcurrency"/>.</summary>
    public const int DefaultMaxConcurrency = 8;

    /// <summary>The default of <see cref="MaxResultBytes"/>: 8 MiB, room for an image in Base64.</summary>
    public const int DefaultMaxResultBytes = 8 * 1024 * 1024;

    /// <summary>The default of <see cref="MaxPendingProgress"/>.</summary>
    public const int DefaultMaxPendingProgress = 64;

    /// <summary>Gets the longest time limit that can be set, other than none: <see cref="int.MaxValue"/> milliseconds, 24 days.</summary>
    public static TimeSpan MaxTimeout { get; } = TimeSpan.FromMilliseconds(int.MaxValue);

    /// <summary>Gets or sets how many requests one stream may send. When the model calls tools once more, the stream fails with <see cref="StreamLimitException"/> after their results.</summary>
    /// <value>At least 1. The default is <see cref="DefaultMaxRounds"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxRounds { get; set => field = AtLeastOne(value); } = DefaultMaxRounds;

    /// <summary>Gets or sets how many tool calls one response may make. Past it, the stream fails with <see cref="StreamLimitException"/>.</summary>
    /// <value>At least 1. The default is <see cref="DefaultMaxCallsPerRound"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxCallsPerRound { get; set => field = AtLeastOne(value); } = DefaultMaxCallsPerRound;

    /// <summary>Gets or sets how many tools of one stream may run at once. Further calls wait, first come, first served.</summary>
    /// <value>At least 1. The default is <see cref="DefaultMaxConcurrency"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxConcurrency { get; set => field = AtLeastOne(value); } = DefaultMaxConcurrency;

    /// <summary>Gets or sets the size in bytes, as UTF-8 JSON, of the largest result or progress report that a tool may give. Past it, the model gets an error that says so.</summary>
    /// <value>At least 1. The default is <see cref="DefaultMaxResultBytes"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxResultBytes { get; set => field = AtLeastOne(value); } = DefaultMaxResultBytes;

    /// <summary>Gets or sets how many progress reports of one call may wait for the consumer. Past it, the oldest of them is dropped.</summary>
    /// <value>At least 1. The default is <see cref="DefaultMaxPendingProgress"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxPendingProgress { get; set => field = AtLeastOne(value); } = DefaultMaxPendingProgress;

    /// <summary>Gets or sets how long a tool may run whose <see cref="ToolOptions.Timeout"/> is not set.</summary>
    /// <value>
    /// More than zero and at most <see cref="MaxTimeout"/>, or <see cref="Timeout.InfiniteTimeSpan"/> for no limit. The default is 2 minutes.
    /// </value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan DefaultTimeout { get; set => field = CheckTimeout(value); } = TimeSpan.FromMinutes(2);

    /// <summary>Gets or sets a value indicating whether the model is told the type and message of an exception that a tool throws.</summary>
    /// <value>
    /// The default is <see langword="false"/>: it is told only that the tool failed. Messages of exceptions may hold paths, connection strings or
    /// data of other users; what the model is told leaves the process, and may be talked out of the model by whoever writes its input.
    /// </value>
    public bool IncludeExceptionDetails { get; set; }

    /// <summary>Gets or sets what is told of each exception that a tool throws: the name of the tool and the exception.</summary>
    /// <value>
    /// The default is <see langword="null"/>. It is called on the thread that ran the tool, possibly on several at once, and exceptions that it throws
    /// are ignored. A tool that ends because it was cancelled is not reported.
    /// </value>
    public Action<string, Exception>? OnToolException { get; set; }

    /// <summary>Gets or sets the services that tools get in <c>AIFunctionArguments.Services</c>.</summary>
    /// <value>
    /// The default is <see langword="null"/>: those that the client was built with. For a client of <c>AddStreamClient</c>, these are the root services of the
    /// application: a tool that needs scoped services makes a scope of its own for each call.
    /// </value>
    public IServiceProvider? Services { get; set; }

    /// <summary>Gets or sets the clock of time limits and durations.</summary>
    /// <value>The default is <see cref="TimeProvider.System"/>.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public TimeProvider TimeProvider { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = TimeProvider.System;

    internal static TimeSpan CheckTimeout(TimeSpan value)
    {
        if (value != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxTimeout);
        }

        return value;
    }

    internal ToolLoopOptions Copy() => (ToolLoopOptions)MemberwiseClone();

    private static int AtLeastOne(int value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
        return value;
    }
}
