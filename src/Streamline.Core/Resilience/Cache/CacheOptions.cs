using Microsoft.Extensions.Caching.Distributed;

namespace Streamline.Resilience;

/// <summary>Which answers are kept, for how long, and how they are shown again.</summary>
/// <remarks>The client copies the values when it is built, so later changes have no effect on it.</remarks>
public sealed class CacheOptions
{
    /// <summary>Gets or sets where answers are kept.</summary>
    /// <value>The default is <see langword="null"/>: the <see cref="IDistributedCache"/> of the services given to <see cref="StreamClientBuilder.Build"/>; without one, nothing is kept, and only equal requests that run at the same time share one answer.</value>
    public IDistributedCache? Cache { get; set; }

    /// <summary>Gets or sets the name under which answers are kept: pipelines with different names never share one.</summary>
    /// <value>The default is <see langword="null"/>. Set it when pipelines share a cache whose answers may differ: with other stages inside, such as a guard, or another address of the provider.</value>
    public string? Name { get; set; }

    /// <summary>Gets or sets how long an answer is kept.</summary>
    /// <value>More than zero. The default is 1 hour.</value>
    public TimeSpan Expiration
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero, nameof(Expiration));
            field = value;
        }
    } = TimeSpan.FromHours(1);

    /// <summary>Gets or sets whose answers a request may get: requests of different tenants never share one.</summary>
    /// <value>The default is <see langword="null"/>: all requests are of one tenant; those with <see cref="StreamRequest.Items"/> are then neither stored nor shared, and those with functions share an answer that arrives only if the functions are the same objects. Set it when answers depend on who asks. It must be thread-safe.</value>
    public Func<StreamRequest, string>? Tenant { get; set; }

    /// <summary>Gets or sets a value indicating whether equal requests that run at the same time share one request.</summary>
    /// <value>The default is <see langword="true"/>.</value>
    public bool SingleFlight { get; set; } = true;

    /// <summary>Gets or sets the time between two deltas of an answer that is shown again.</summary>
    /// <value>From zero to one minute. The default is zero: everything comes at once.</value>
    public TimeSpan ReplayInterval
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero, nameof(ReplayInterval));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromMinutes(1), nameof(ReplayInterval));
            field = value;
        }
    }

    /// <summary>Gets or sets how much of an answer is kept, for readers that come later and for the cache. A longer one is not stored, and cannot be joined any more.</summary>
    /// <value>In characters of the JSON form of its events, at least 1,024. The default is 1 Mi.</value>
    public int MaxEntryChars
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1024, nameof(MaxEntryChars));
            field = value;
        }
    } = 1024 * 1024;

    /// <summary>Gets or sets the clock of the replay.</summary>
    /// <value>The default is <see langword="null"/>: the clock of the pipeline, see <see cref="StreamClientBuilder.UseTimeProvider"/>.</value>
    public TimeProvider? TimeProvider { get; set; }

    internal CacheOptions Copy() => (CacheOptions)MemberwiseClone();
}
