using Microsoft.Extensions.Caching.Distributed;

namespace Streamline;

/// <summary>Adds a cache to a pipeline.</summary>
public static class CacheStreamClientBuilderExtensions
{
    /// <summary>Answers a request that was answered before from a cache, and lets equal requests that run at the same time share one.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes the options; <see langword="null"/> for the defaults.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// <para>
    /// <see cref="CacheAnswered"/> says that an answer was not asked for again. Only complete answers are stored: none that was cut off, refused, or broke, and none for which a tool ran.
    /// Requests are equal if <see cref="CacheOptions.Name"/>, tenant, provider, model, messages, options, tools and <see cref="StreamRequest.ExtraBody"/> are.
    /// </para>
    /// <para>A shared request ends when its last reader has left. Belongs outside of the tool loop.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    public static StreamClientBuilder UseCache(this StreamClientBuilder builder, Action<CacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new CacheOptions();
        configure?.Invoke(options);
        options = options.Copy();
        return builder.Use(StreamStage.Cache, (inner, context) => new CacheStreamClient(
            inner, options, options.Cache ?? context.Services.GetService(typeof(IDistributedCache)) as IDistributedCache, options.TimeProvider ?? context.TimeProvider));
    }
}
