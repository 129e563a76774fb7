using System.Globalization;
using System.Net.Http.Headers;

namespace Streamline.Protocols.Shared;

/// <summary>Reads how long a provider asks to wait: <c>retry-after-ms</c>, then <c>retry-after</c> as seconds, then as a date (RFC 9110).</summary>
internal static class RetryAfterHeader
{
    public static TimeSpan? Read(HttpResponseHeaders headers, DateTimeOffset now)
    {
        if (Number(headers, "retry-after-ms") is { } milliseconds)
        {
            return Clamp(milliseconds / 1000);
        }

        if (Number(headers, "retry-after") is { } seconds)
        {
            return Clamp(seconds);
        }

        return headers.RetryAfter?.Date is { } date ? Clamp((date - now).TotalSeconds) : null;
    }

    /// <summary>Reads <c>x-should-retry</c>, by which a server overrides what its status means.</summary>
    public static bool? ShouldRetry(HttpResponseHeaders headers) =>
        headers.TryGetValues("x-should-retry", out var values) && bool.TryParse(values.First(), out var value) ? value : null;

    private static double? Number(HttpResponseHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values)
        && double.TryParse(values.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && double.IsFinite(value)
            ? value
            : null;

    private static TimeSpan Clamp(double seconds) => TimeSpan.FromSeconds(Math.Clamp(seconds, 0, TimeSpan.FromDays(365).TotalSeconds));
}
