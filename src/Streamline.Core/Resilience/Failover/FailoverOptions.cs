using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Streamline.Resilience;

/// <summary>Who answers when a client fails, and how long a failing client is left alone.</summary>
/// <remarks>The client copies the values when it is built, so later changes have no effect on it.</remarks>
public sealed class FailoverOptions
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>Gets the clients that take over, in the order in which they are asked. The first one that is asked is the pipeline inside of this middleware.</summary>
    /// <value>Empty by default; at least one is needed.</value>
    public IList<FailoverClient> Clients { get; } = [];

    /// <summary>Gets or sets the name of the client inside of this middleware.</summary>
    /// <value>The default is <c>primary</c>.</value>
    /// <exception cref="ArgumentException">The value is <see langword="null"/> or empty.</exception>
    public string PrimaryName
    {
        get;
        set
        {
            ArgumentException.ThrowIfNullOrEmpty(value, nameof(PrimaryName));
            field = value;
        }
    } = "primary";

    /// <summary>Gets or sets how many input tokens the model of the client inside of this middleware takes; see <see cref="FailoverClient.MaxInputTokens"/>.</summary>
    /// <value>At least 1; <see langword="null"/> when unknown, which is the default: then any client that says how much it takes may answer a request that was too long.</value>
    public long? PrimaryMaxInputTokens
    {
        get;
        set
        {
            if (value is { } tokens)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(tokens, 1, nameof(PrimaryMaxInputTokens));
            }

            field = value;
        }
    }

    /// <summary>Gets or sets how many clients are asked for one answer at most.</summary>
    /// <value>At least 1; <see langword="null"/> for all, which is the default.</value>
    public int? MaxClients
    {
        get;
        set
        {
            if (value is { } most)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(most, 1, nameof(MaxClients));
            }

            field = value;
        }
    }

    /// <summary>Gets or sets which share of a client's requests has to fail for it to be left alone for a while.</summary>
    /// <value>More than 0, at most 1. The default is 0.5.</value>
    public double FailureRatio
    {
        get;
        set
        {
            if (!(value is > 0 and <= 1))
            {
                throw new ArgumentOutOfRangeException(nameof(FailureRatio), value, "Expected more than 0 and at most 1.");
            }

            field = value;
        }
    } = 0.5;

    /// <summary>Gets or sets the time over which <see cref="FailureRatio"/> is counted.</summary>
    /// <value>More than zero, at most a day. The default is 30 seconds.</value>
    public TimeSpan SamplingWindow
    {
        get;
        set => field = Positive(value);
    } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets how many requests there have to be in that time before the ratio counts.</summary>
    /// <value>At least 1. The default is 5.</value>
    public int MinimumRequests
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MinimumRequests));
            field = value;
        }
    } = 5;

    /// <summary>
    /// Gets or sets how long a failing client is left alone at first. The time doubles with each failed probe, and varies by a tenth. After it, exactly one request probes the client. A longer
    /// <see cref="ProviderException.RetryAfter"/> counts instead.
    /// </summary>
    /// <value>More than zero, at most a day. The default is 15 seconds.</value>
    public TimeSpan Cooldown
    {
        get;
        set => field = Positive(value);
    } = TimeSpan.FromSeconds(15);

    /// <summary>Gets or sets how far that time grows.</summary>
    /// <value>More than zero, at most a day. The default is 2 minutes.</value>
    public TimeSpan MaxCooldown
    {
        get;
        set => field = Positive(value);
    } = TimeSpan.FromMinutes(2);

    /// <summary>Gets or sets how long a client is left alone after a failure of the kind <see cref="FailureKind.Down"/>.</summary>
    /// <value>More than zero, at most a day. The default is 30 minutes.</value>
    public TimeSpan DownCooldown
    {
        get;
        set => field = Positive(value);
    } = TimeSpan.FromMinutes(30);

    /// <summary>Gets or sets how many events without content are held back until the first one with content. Past it, or past 1 Mi characters, they are shown, and no other client takes over.</summary>
    /// <value>At least 1. The default is 256.</value>
    public int MaxHeldEvents
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxHeldEvents));
            field = value;
        }
    } = UncommittedEvents.DefaultMaxEvents;

    /// <summary>Gets or sets what to do when a client fails after a part of its answer was shown.</summary>
    /// <value>
    /// The default is <see cref="MidStreamPolicy.Fail"/>: the failure is passed on. With <see cref="MidStreamPolicy.Continue"/>, a client that can continue the answer is preferred to one that cannot.
    /// Once the response has ended or one of its tools has run, a failure is passed on in any case.
    /// </value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not one of the enumeration.</exception>
    public MidStreamPolicy MidStream
    {
        get;
        set
        {
            if (!Enum.IsDefined(value))
            {
                throw new ArgumentOutOfRangeException(nameof(MidStream), value, "Expected Fail, Restart or Continue.");
            }

            field = value;
        }
    }

    /// <summary>Gets how another client continues an answer, with <see cref="MidStreamPolicy.Continue"/>.</summary>
    /// <value><see cref="ContinueOptions.OnLength"/>, <see cref="ContinueOptions.OnPause"/> and <see cref="ContinueOptions.MaxContinuations"/> have no meaning here; they belong to <see cref="RetryOptions.Continue"/>.</value>
    public ContinueOptions Continue { get; private set; } = new();

    /// <summary>Gets or sets what kind of failure an exception is.</summary>
    /// <value>The default is <see cref="KindOf(Exception)"/>. It must be thread-safe.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public Func<Exception, FailureKind> Classify
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(Classify));
    } = KindOf;

    /// <summary>Gets or sets the clock of the cool-downs.</summary>
    /// <value>The default is <see langword="null"/>: the clock of the pipeline, see <see cref="StreamClientBuilder.UseTimeProvider"/>.</value>
    public TimeProvider? TimeProvider { get; set; }

    /// <summary>Gets or sets the source of randomness: numbers from 0 to 1, on any thread.</summary>
    internal Func<double> NextRandom { get; set; } = static () => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;

    internal IReadOnlyList<FailoverClient> FixedClients { get; private set; } = [];

    /// <summary>Tells what kind of failure an exception is.</summary>
    /// <param name="exception">The exception that ended a stream.</param>
    /// <returns>The kind; <see cref="FailureKind.Other"/> for exceptions that say nothing about a provider, such as a cancellation.</returns>
    public static FailureKind KindOf(Exception exception) => exception switch
    {
        ProviderException provider => KindOf(provider),
        StreamTimeoutException timeout => timeout.Phase == StreamTimeoutPhase.Total ? FailureKind.Other : FailureKind.Transient,
        StreamInterruptedException or StreamProtocolException => FailureKind.Transient,

        // Its own rate limits leave no room.
        StreamLimitException { LimitName: nameof(RateLimitNames.MaxWait) or nameof(RateLimitNames.MaxQueuedRequests) } => FailureKind.Transient,
        _ => FailureKind.Other,
    };

    /// <exception cref="InvalidOperationException">There is no client, two have one name, or an option belongs to retry.</exception>
    internal FailoverOptions Copy()
    {
        if (Continue.OnLength || Continue.OnPause)
        {
            throw new InvalidOperationException($"{nameof(ContinueOptions.OnLength)} and {nameof(ContinueOptions.OnPause)} concern no failure: set them in the options of the client's retry.");
        }

        var copy = (FailoverOptions)MemberwiseClone();
        copy.Continue = Continue.Copy();
        copy.FixedClients = [.. Clients];
        if (copy.FixedClients.Count == 0)
        {
            throw new InvalidOperationException($"{nameof(Clients)} is empty; expected at least one client that can take over.");
        }

        var names = new HashSet<string>(StringComparer.Ordinal) { PrimaryName };
        foreach (var client in copy.FixedClients)
        {
            if (client is null)
            {
                throw new InvalidOperationException($"{nameof(Clients)} has a client that is null.");
            }

            if (!names.Add(client.Name))
            {
                throw new InvalidOperationException($"{nameof(Clients)} has two clients named '{client.Name}'; names must be unique, because events use them.");
            }
        }

        return copy;
    }

    private static FailureKind KindOf(ProviderException exception)
    {
        const HttpStatusCode TooLarge = HttpStatusCode.RequestEntityTooLarge;
        var status = (int?)exception.StatusCode;
        if (status is not >= 500 && (exception.StatusCode == TooLarge || IsTooLong(exception.Code) || IsTooLong(exception.ProviderMessage)))
        {
            return FailureKind.ContextLength;
        }

        return status switch
        {
            401 or 402 or 403 => FailureKind.Down,
            429 when !exception.IsRetryable => FailureKind.Down, // the account has no quota left
            408 or 425 or 429 or >= 500 => FailureKind.Transient,
            _ => exception.IsRetryable ? FailureKind.Transient : FailureKind.Request,
        };
    }

    private static bool IsTooLong(string? words) => words is not null && (
        words.Contains("context_length", StringComparison.OrdinalIgnoreCase)
        || words.Contains("context length", StringComparison.OrdinalIgnoreCase)
        || words.Contains("context window", StringComparison.OrdinalIgnoreCase)
        || words.Contains("exceed_context_size", StringComparison.OrdinalIgnoreCase)
        || words.Contains("prompt is too long", StringComparison.OrdinalIgnoreCase)
        || words.Contains("input is too long", StringComparison.OrdinalIgnoreCase)
        || words.Contains("maximum number of tokens", StringComparison.OrdinalIgnoreCase));

    private static TimeSpan Positive(TimeSpan value, [CallerMemberName] string option = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero, option);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Longest, option);
        return value;
    }

    // The options of rate limits are another middleware's.
    private enum RateLimitNames
    {
        MaxWait,
        MaxQueuedRequests,
    }
}
