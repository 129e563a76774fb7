using System.Net.Http.Headers;

namespace Streamline.Protocols.Shared;

/// <summary>What is known of an error besides its own words.</summary>
/// <param name="Provider">The name of the provider.</param>
/// <param name="Protocol">The name of the protocol when it is not that of the provider; otherwise <see langword="null"/>.</param>
/// <param name="RequestId">The id of the request that the headers gave.</param>
/// <param name="RetryAfter">The wait that the headers asked for.</param>
/// <param name="ShouldRetry">What the headers, or the protocol, say about a further attempt; it goes before everything else.</param>
internal readonly record struct ErrorContext(string Provider, string? Protocol, string? RequestId, TimeSpan? RetryAfter, bool? ShouldRetry)
{
    /// <summary>Makes the context of an error inside a stream.</summary>
    public static ErrorContext InBand(string provider, string? requestId) => new(provider, Protocol: null, requestId, RetryAfter: null, ShouldRetry: null);

    /// <summary>Makes the context of an error that has headers.</summary>
    /// <param name="provider">The name of the provider.</param>
    /// <param name="requestId">The id of the request, which every provider names differently.</param>
    /// <param name="headers">The headers of the response.</param>
    /// <param name="now">The time, to which a date is compared when the response has no date of its own.</param>
    public static ErrorContext Of(string provider, string? requestId, HttpResponseHeaders headers, DateTimeOffset now) =>
        new(provider, Protocol: null, requestId, RetryAfterHeader.Read(headers, now), RetryAfterHeader.ShouldRetry(headers));
}
