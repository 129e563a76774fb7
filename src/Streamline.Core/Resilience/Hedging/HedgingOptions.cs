using System.Runtime.CompilerServices;

namespace Streamline.Resilience;

/// <summary>When a second request is sent because the first content is late, and what that may cost.</summary>
/// <remarks>The client copies the values when it is built, so later changes have no effect on it.</remarks>
public sealed class HedgingOptions
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>Gets or sets the client of the second request, for example the same model in another region.</summary>
    /// <value>The default is <see langword="null"/>: the client inside of this middleware is asked twice. It must answer as the first one does, and is not owned.</value>
    public IStreamClient? Client { get; set; }

    /// <summary>Gets or sets the name of the client inside of this middleware, for events.</summary>
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

    /// <summary>Gets or sets the name of the client of the second request, for events.</summary>
    /// <value>The default is <c>hedge</c>.</value>
    /// <exception cref="ArgumentException">The value is <see langword="null"/> or empty.</exception>
    public string HedgeName
    {
        get;
        set
        {
            ArgumentException.ThrowIfNullOrEmpty(value, nameof(HedgeName));
            field = value;
        }
    } = "hedge";

    /// <summary>Gets or sets which share of requests of the same kind (model and order of magnitude of the input) had their first content sooner than the time after which a second one is sent.</summary>
    /// <value>At least 0.5, less than 1. The default is 0.95.</value>
    public double Percentile
    {
        get;
        set
        {
            if (!(value is >= 0.5 and < 1))
            {
                throw new ArgumentOutOfRangeException(nameof(Percentile), value, "Expected at least 0.5 and less than 1.");
            }

            field = value;
        }
    } = 0.95;

    /// <summary>Gets or sets how many requests of the same kind are needed before that time is known. No second request is sent before.</summary>
    /// <value>At least 1. The default is 20.</value>
    public int MinimumRequests
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MinimumRequests));
            field = value;
        }
    } = 20;

    /// <summary>Gets or sets the shortest time after which a second request is sent.</summary>
    /// <value>From zero to one hour. The default is 250 ms.</value>
    public TimeSpan MinDelay
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero, nameof(MinDelay));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Longest, nameof(MinDelay));
            field = value;
        }
    } = TimeSpan.FromMilliseconds(250);

    /// <summary>Gets or sets how many tokens second requests may use, as a share of those that all requests use.</summary>
    /// <value>More than 0, at most 1. The default is 0.05.</value>
    public double Budget
    {
        get;
        set
        {
            if (!(value is > 0 and <= 1))
            {
                throw new ArgumentOutOfRangeException(nameof(Budget), value, "Expected more than 0 and at most 1: a budget above 1 would send every request more than once.");
            }

            field = value;
        }
    } = 0.05;

    /// <summary>Gets or sets which share of the last requests may have failed for second requests to be sent: they make an outage worse.</summary>
    /// <value>From 0 to 1. The default is 0.05.</value>
    public double MaxFailureRatio
    {
        get;
        set => field = Share(value);
    } = 0.05;

    /// <summary>Gets or sets which share of each rate limit has to be left, as far as the provider reports it, for second requests to be sent.</summary>
    /// <value>From 0 to 1. The default is 0.2.</value>
    public double MinRemaining
    {
        get;
        set => field = Share(value);
    } = 0.2;

    /// <summary>
    /// Gets or sets a value indicating whether a second request may be sent for a request that has tools, if all of them are functions of the application. They run for the winner only.
    /// Requests with tools that run at the provider, and requests that leave something at the provider, are never sent twice.
    /// </summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool AllowFunctions { get; set; }

    /// <summary>Gets or sets the clock.</summary>
    /// <value>The default is <see langword="null"/>: the clock of the pipeline, see <see cref="StreamClientBuilder.UseTimeProvider"/>.</value>
    public TimeProvider? TimeProvider { get; set; }

    /// <exception cref="InvalidOperationException">Both clients have one name.</exception>
    internal HedgingOptions Copy() => string.Equals(PrimaryName, HedgeName, StringComparison.Ordinal)
        ? throw new InvalidOperationException($"{nameof(PrimaryName)} and {nameof(HedgeName)} are both '{HedgeName}'; names must be unique, because events use them.")
        : (HedgingOptions)MemberwiseClone();

    private static double Share(double value, [CallerMemberName] string option = "") =>
        value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(option, value, "Expected a share from 0 to 1.");
}
