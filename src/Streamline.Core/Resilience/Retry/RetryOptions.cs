using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Polly;

namespace Streamline.Resilience;

/// <summary>How often, when and after what delay a failed request is sent again.</summary>
/// <remarks>The client copies the values when it is built, so later changes have no effect on it.</remarks>
public sealed class RetryOptions
{
    /// <summary>The default of <see cref="MaxAttempts"/>: 3.</summary>
    internal const int DefaultMaxAttempts = 3;


    /// <summary>The default of <see cref="BaseDelay"/>: half a second.</summary>
    internal static readonly TimeSpan DefaultBaseDelay = TimeSpan.FromSeconds(0.5);

    /// <summary>The default of <see cref="MaxDelay"/>: 8 seconds.</summary>
    internal static readonly TimeSpan DefaultMaxDelay = TimeSpan.FromSeconds(8);

    /// <summary>The default of <see cref="MaxRetryAfter"/>: 60 seconds.</summary>
    internal static readonly TimeSpan DefaultMaxRetryAfter = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(1);

    /// <summary>Gets or sets how many attempts a stream may take in all, those after content was shown included.</summary>
    /// <value>At least 1, which turns retrying off. The default is 3.</value>
    public int MaxAttempts
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxAttempts));
            field = value;
        }
    } = DefaultMaxAttempts;

    /// <summary>Gets or sets the longest delay before the second attempt. It doubles with each further attempt; the actual delay is a random part of it, at least a quarter.</summary>
    /// <value>From zero to one day. The default is half a second.</value>
    public TimeSpan BaseDelay
    {
        get;
        set => field = InRange(value);
    } = DefaultBaseDelay;

    /// <summary>Gets or sets the longest delay that is chosen without a hint of the provider.</summary>
    /// <value>From zero to one day. The default is 8 seconds.</value>
    public TimeSpan MaxDelay
    {
        get;
        set => field = InRange(value);
    } = DefaultMaxDelay;

    /// <summary>
    /// Gets or sets the longest delay that a provider may ask for by <see cref="ProviderException.RetryAfter"/>. The client waits at least as long as it is asked to, and up to half as long
    /// again or <see cref="BaseDelay"/>, whichever is more, chosen at random: clients that were refused together do not return together. Asked for a longer delay than this, it fails at once.
    /// </summary>
    /// <value>From zero to one day. The default is 60 seconds.</value>
    public TimeSpan MaxRetryAfter
    {
        get;
        set => field = InRange(value);
    } = DefaultMaxRetryAfter;

    /// <summary>Gets or sets what to do when a response breaks after a part of it was shown and the provider did not keep it, so that it cannot be resumed.</summary>
    /// <value>The default is <see cref="MidStreamPolicy.Fail"/>.</value>
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

    /// <summary>Gets how a response that was cut is continued: with <see cref="MidStreamPolicy.Continue"/>, after its limit on output tokens, and after a pause.</summary>
    public ContinueOptions Continue { get; private set; } = new();

    /// <summary>
    /// Gets or sets how many events without content are held back until the first one with content, so that a failed attempt
    /// leaves no trace. Past it, or past 1 Mi characters, they are shown, and the attempt counts as one that has shown content.
    /// </summary>
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

    /// <summary>Gets or sets which failures are worth another attempt.</summary>
    /// <value>
    /// The default is <see cref="IsTransient"/> of the exception. It is called once per failed attempt and must be thread-safe; what it throws ends the stream. It is not asked about
    /// cancellation by the caller, about failures after the end of a response or after a tool has started, nor about a failure that <see cref="MidStream"/> decides.
    /// </value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public Func<RetryContext, bool> ShouldHandle
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(ShouldHandle));
    } = static context => IsTransient(context.Exception);

    /// <summary>Gets or sets a resilience pipeline of the application that decides whether and when there is another attempt, for example with a circuit breaker.</summary>
    /// <value>
    /// The default is <see langword="null"/>: a retry strategy made of these options. A pipeline that is set replaces <see cref="MaxAttempts"/>, the delays and
    /// <see cref="ShouldHandle"/>. It runs one callback per attempt, which ends as the attempt does, so the outcome that it sees is that of the whole attempt.
    /// </value>
    public ResiliencePipeline? Pipeline { get; set; }

    /// <summary>Gets or sets the clock of the delays.</summary>
    /// <value>The default is <see langword="null"/>: the clock of the pipeline, see <see cref="StreamClientBuilder.UseTimeProvider"/>.</value>
    public TimeProvider? TimeProvider { get; set; }

    /// <summary>Gets or sets the source of randomness: numbers from 0 to 1, on any thread.</summary>
    internal Func<double> NextRandom { get; set; } = static () => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;

    /// <summary>
    /// Tells whether the same request may succeed when it is sent again: after a retryable error of the provider, whether it came as an
    /// HTTP status or inside the stream, after an interrupted stream, and after a timeout other than that of the whole exchange.
    /// </summary>
    /// <param name="exception">The failure of an attempt.</param>
    /// <returns><see langword="true"/> when another attempt is worth it.</returns>
    public static bool IsTransient(Exception exception) => exception switch
    {
        ProviderException provider => provider.IsRetryable,
        StreamTimeoutException timeout => timeout.Phase != StreamTimeoutPhase.Total,
        StreamInterruptedException => true,
        _ => false,
    };

    internal RetryOptions Copy()
    {
        var copy = (RetryOptions)MemberwiseClone();
        copy.Continue = Continue.Copy();
        return copy;
    }

    private static TimeSpan InRange(TimeSpan value, [CallerMemberName] string option = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero, option);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, LongestDelay, option);
        return value;
    }
}
