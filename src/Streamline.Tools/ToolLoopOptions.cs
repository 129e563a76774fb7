using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Streamline;

/// <summary>How <c>UseTools</c> runs tools and continues from round to round.</summary>
/// <remarks>Not thread-safe. The client takes a copy when it is built, so later changes have no effect.</remarks>
public sealed class ToolLoopOptions
{
    /// <summary>The default of <see cref="MaxRounds"/>.</summary>
    internal const int DefaultMaxRounds = 32;

    /// <summary>The default of <see cref="MaxConsecutiveErrors"/>.</summary>
    internal const int DefaultMaxConsecutiveErrors = 3;

    /// <summary>The default of <see cref="MaxCallsPerRound"/>.</summary>
    internal const int DefaultMaxCallsPerRound = 128;

    /// <summary>The default of <see cref="MaxConcurrency"/>.</summary>
    internal const int DefaultMaxConcurrency = 8;

    /// <summary>The default of <see cref="MaxResultBytes"/>: 8 MiB, room for an image in Base64.</summary>
    internal const int DefaultMaxResultBytes = 8 * 1024 * 1024;

    /// <summary>The default of <see cref="MaxPendingProgress"/>.</summary>
    internal const int DefaultMaxPendingProgress = 64;

    /// <summary>Gets the longest time limit that can be set, other than none: <see cref="int.MaxValue"/> milliseconds, 24 days.</summary>
    public static TimeSpan MaxTimeout { get; } = TimeSpan.FromMilliseconds(int.MaxValue);

    /// <summary>Gets or sets in how many rounds of one stream the model may call tools. A round is one request and its response.</summary>
    /// <value>At least 1. The default is 32. What happens after that is up to <see cref="AtMaxRounds"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxRounds { get; set => field = AtLeastOne(value); } = DefaultMaxRounds;

    /// <summary>Gets or sets how many rounds in a row may fail, that is, rounds in which every call got an error.</summary>
    /// <value>At least 1. The default is 3. What happens after that is up to <see cref="AtMaxRounds"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxConsecutiveErrors { get; set => field = AtLeastOne(value); } = DefaultMaxConsecutiveErrors;

    /// <summary>Gets or sets what happens when <see cref="MaxRounds"/> or <see cref="MaxConsecutiveErrors"/> is reached and the model called tools once more. Those have run by then.</summary>
    /// <value>The default is <see cref="MaxRoundsAction.AnswerWithoutTools"/>.</value>
    public MaxRoundsAction AtMaxRounds { get; set; }

    /// <summary>Gets or sets how many tokens all rounds of one stream may use, input and output. Once that many are used, no further round starts, and the stream fails with <see cref="StreamLimitException"/>.</summary>
    /// <value>At least 1. The default is <see langword="null"/>: no limit. Providers that report no usage are not limited.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public long? MaxTotalTokens { get; set => field = AtLeastOne(value); }

    /// <summary>Gets or sets how much all rounds of one stream may cost, in the unit of <see cref="CostOf"/>. Once that much is spent, no further round starts, and the stream fails with <see cref="StreamLimitException"/>.</summary>
    /// <value>At least 1. The default is <see langword="null"/>: no limit. It needs <see cref="CostOf"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public long? MaxCost { get; set => field = AtLeastOne(value); }

    /// <summary>Gets or sets the function that tells what a round cost, from its token counts and its model, in a whole unit of your choice, such as millionths of a dollar.</summary>
    /// <value>The default is <see langword="null"/>: costs are unknown.</value>
    public Func<UsageDetails, string?, long>? CostOf { get; set; }

    /// <summary>Gets or sets the condition that ends the stream after a round, though the model called tools. The tools have run by then.</summary>
    /// <value>The default is <see langword="null"/>: the stream ends when the model calls no more tools. An exception ends the stream.</value>
    public Func<ToolRoundContext, bool>? StopWhen { get; set; }

    /// <summary>Gets or sets the function that is called before each request, the first one too. It may change the model, the tools and the messages.</summary>
    /// <value>The default is <see langword="null"/>. An exception ends the stream.</value>
    public Func<ToolRoundContext, CancellationToken, ValueTask>? BeforeRound { get; set; }

    /// <summary>Gets or sets how approvals of tool calls are asked for and verified.</summary>
    /// <value>Never <see langword="null"/>.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public ToolApprovalOptions Approvals { get; set => field = value ?? throw new ArgumentNullException(nameof(Approvals)); } = new();

    /// <summary>Gets or sets how many tool calls one response may make. Past that, the stream fails with <see cref="StreamLimitException"/>.</summary>
    /// <value>At least 1. The default is 128.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxCallsPerRound { get; set => field = AtLeastOne(value); } = DefaultMaxCallsPerRound;

    /// <summary>Gets or sets how many tools of one stream may run at once. Further calls wait, first come, first served.</summary>
    /// <value>At least 1. The default is 8.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxConcurrency { get; set => field = AtLeastOne(value); } = DefaultMaxConcurrency;

    /// <summary>Gets or sets the size in bytes, as UTF-8 JSON, of the largest result or progress report that a tool may give. Past that, the model gets an error that says so.</summary>
    /// <remarks>The text of an error is cut to this size, or to 512 bytes if that is more.</remarks>
    /// <value>At least 1. The default is 8 MiB, room for an image in Base64.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxResultBytes { get; set => field = AtLeastOne(value); } = DefaultMaxResultBytes;

    /// <summary>Gets or sets how many progress reports of one call may wait for the consumer. Past that, the oldest is dropped.</summary>
    /// <value>At least 1. The default is 64.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxPendingProgress { get; set => field = AtLeastOne(value); } = DefaultMaxPendingProgress;

    /// <summary>Gets or sets how long a tool may run whose <see cref="ToolOptions.Timeout"/> is not set.</summary>
    /// <value>
    /// More than zero and at most <see cref="MaxTimeout"/>, or <see cref="Timeout.InfiniteTimeSpan"/> for no limit. The default is 2 minutes.
    /// </value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan DefaultTimeout { get; set => field = CheckTimeout(value); } = TimeSpan.FromMinutes(2);

    /// <summary>Gets or sets how long a tool that was told to stop may take to do so: when it timed out, a sibling failed, or the stream is left. After that it is abandoned.</summary>
    /// <value>
    /// Zero or more and at most <see cref="MaxTimeout"/>, or <see cref="Timeout.InfiniteTimeSpan"/> to wait forever. The default is 1 second. An abandoned tool no longer takes one of the
    /// <see cref="MaxConcurrency"/> places, is reported by <see cref="ToolAbandoned"/> and <see cref="OnToolFailure"/>, and keeps the resources that it locked until it really ends.
    /// </value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan GracePeriod { get; set => field = value == TimeSpan.Zero ? value : CheckTimeout(value); } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets a value indicating whether the model is told the type and message of an exception that a tool throws.</summary>
    /// <value>
    /// The default is <see langword="false"/>: it is told only that the tool failed. Messages of exceptions may hold paths, connection strings or
    /// data of other users. To tell the model something, throw <see cref="ToolErrorException"/>.
    /// </value>
    public bool IncludeExceptionDetails { get; set; }

    /// <summary>Gets or sets the callback that is told of each failed call, with its exception if there is one.</summary>
    /// <value>
    /// The default is <see langword="null"/>. It may be called on several threads at once, and exceptions that it throws are ignored. Failures are logged besides,
    /// without arguments, results or messages of exceptions.
    /// </value>
    public Action<ToolFailure>? OnToolFailure { get; set; }

    /// <summary>Gets or sets the factory of the logger for failed calls.</summary>
    /// <value>The default is <see langword="null"/>: that of the services that the client was built with, if they have one.</value>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Gets or sets the services that tools get in <c>AIFunctionArguments.Services</c>.</summary>
    /// <value>
    /// The default is <see langword="null"/>: those that the client was built with. For a client of <c>AddStreamClient</c>, these are the root services of the
    /// application; see <see cref="ScopePerCall"/>.
    /// </value>
    public IServiceProvider? Services { get; set; }

    /// <summary>Gets or sets a value indicating whether each call gets services from a scope of its own, which is disposed when the tool has ended.</summary>
    /// <value>The default is <see langword="false"/>. When the disposal throws, or takes longer than <see cref="GracePeriod"/>, <see cref="OnToolFailure"/> is called, and the call keeps its result.</value>
    public bool ScopePerCall { get; set; }

    /// <summary>Gets or sets the clock of time limits and durations.</summary>
    /// <value>The default is <see langword="null"/>: the clock of the pipeline, see <see cref="StreamClientBuilder.UseTimeProvider"/>.</value>
    public TimeProvider? TimeProvider { get; set; }

    /// <summary>The clock, once the client is built.</summary>
    internal TimeProvider Clock => TimeProvider!;

    internal static TimeSpan CheckTimeout(TimeSpan value, [CallerMemberName] string option = "")
    {
        if (value != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero, option);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxTimeout, option);
        }

        return value;
    }

    internal ToolLoopOptions WithClock(TimeProvider ofPipeline)
    {
        var copy = Copy();
        copy.TimeProvider ??= ofPipeline;
        return copy;
    }

    internal ToolLoopOptions Copy()
    {
        var copy = (ToolLoopOptions)MemberwiseClone();
        copy.Approvals = Approvals.Copy();
        return copy;
    }

    private static long? AtLeastOne(long? value, [CallerMemberName] string option = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value ?? 1, 1, option);
        return value;
    }

    private static int AtLeastOne(int value, [CallerMemberName] string option = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, option);
        return value;
    }
}
