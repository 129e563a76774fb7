namespace Streamline.Protocols.Shared;

/// <summary>What is known of an error besides its own words.</summary>
/// <param name="Provider">The name of the provider.</param>
/// <param name="Protocol">The name of the protocol when it is not that of the provider; otherwise <see langword="null"/>.</param>
/// <param name="RequestId">The id of the request that the headers gave.</param>
/// <param name="RetryAfter">The wait that the headers asked for.</param>
/// <param name="ShouldRetry">What the headers, or the protocol, say about a further attempt; it goes before everything else.</param>
internal readonly record struct ErrorContext(string Provider, string? Protocol, string? RequestId, TimeSpan? RetryAfter, bool? ShouldRetry);
