using System.Security.Cryptography;

namespace Streamline;

/// <summary>How often, when and after what delay a failed request is sent again.</summary>
/// <remarks>The client copies the values when it is built, so later changes do nothing to it.</remarks>
public sealed class RetryOptions
{
    /// <summary>The default of <see cref="MaxAttempts"/>: 3.</summary>
    public const int DefaultMaxAttempts = 3;

    /// <summary>The default of <see cref="MaxHeldEvents"/>: 256.</summary>
    public const int DefaultMaxHeldEvents = 256;

    /// <summary>The default of <see cref="BaseDelay"/>: half a second.</summary>
    public static readonly TimeSpan DefaultBaseDelay = TimeSpan.FromSeconds(0.5);

    /// <summary>The default of <see cref="MaxDelay"/>: 8 seconds.</summary>
    public static readonly TimeSpan DefaultMaxDelay = TimeSpan.FromSeconds(8);

    /// <summary>The default of <see cref="MaxRetryAfter"/>: 60 seconds.</summary>
    public static readonly TimeSpan DefaultMaxRetryAfter = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(1);

    /// <summary>Gets or sets how many attempts a stream may take in all, those after content was shown included.</summary>
    /// <value>At least 1, which turns retrying off. The default is <see cref="DefaultMaxAttempts"/>.</value>
    public int MaxAttempts
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = DefaultMaxAttempts;

    /// <summary>Gets or sets the delay before the second attempt. It doubles with each further one, and up to a quarter of it is taken off at random.</summary>
    /// <value>From zero to one day. The default is <see cref="DefaultBaseDelay"/>.</value>
    public TimeSpan BaseDelay
    {
        get;
        set => field = InRange(value);
    } = DefaultBaseDelay;

    /// <summary>Gets or sets the longest delay that is chosen without being asked for by the provider.</summary>
    /// <value>From zero to one day. The default is <see cref="DefaultMaxDelay"/>.</value>
    public TimeSpan MaxDelay
    {
        get;
        set => field = InRange(value);
    } = DefaultMaxDelay;

    /// <summary>
    /// Gets or sets the longest delay that a provider may ask for by <see cref="ProviderException.RetryAfter"/>. Asked for a shorter
    /// one, the client waits at least that long; asked for a longer one, it fails at once with the provider's exception.
    /// </summary>
    /// <value>From zero to one day. The default is <see cref="DefaultMaxRetryAfter"/>.</value>
    public TimeSpan MaxRetryAfter
    {
        get;
        set => field = InRange(value);
    } = DefaultMaxRetryAfter;

    /// <summary>Gets or sets what to do when a response breaks after a part of it was shown.</summary>
    /// <value>The default is <see cref="MidStreamPolicy.Fail"/>.</value>
    public MidStreamPolicy MidStream
    {
        get;
        set
        {
            if (!Enum.IsDefined(value))
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, "Expected Fail or Restart.");
            }

            field = value;
        }
    }

    /// <summary>
    /// Gets or sets how many events without content are held back until the first one with content, so that a failed attempt
    /// leaves no trace. Past it, they are shown, and the attempt counts as one that has shown content.
    /// </summary>
    /// <value>At least 1. The default is <see cref="DefaultMaxHeldEvents"/>.</value>
    public int MaxHeldEvents
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = DefaultMaxHeldEvents;

    /// <summary>Gets or sets which failures are worth another attempt. Cancellation by the caller never is, nor anything after the end of a response.</summary>
    /// <value>The default is <see cref="IsTransient"/>. It must be thread-safe.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public Func<Exception, bool> ShouldHandle
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(value));
    } = IsTransient;

    /// <summary>Gets or sets the clock of the delays.</summary>
    /// <value>The default is <see cref="TimeProvider.System"/>.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public TimeProvider TimeProvider
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(value));
    } = TimeProvider.System;

    /// <summary>Gets or sets the source of randomness: numbers from 0 to 1, on any thread.</summary>
    internal Func<double> NextRandom { get; set; } = static () => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;

    /// <summary>
    /// Tells whether the same request may succeed when it is sent again: an error of the provider that is retryable, whether it came as an
    /// HTTP status or inside the stream, a stream that was interrupted, and a timeout that is not the one of the whole exchange.
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

    internal RetryOptions Copy() => (RetryOptions)MemberwiseClone();

    private static TimeSpan InRange(TimeSpan value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, LongestDelay);
        return value;
    }
}
