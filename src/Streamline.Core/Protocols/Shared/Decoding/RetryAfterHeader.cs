using System.Globalization;
using System.Net.Http.Headers;

namespace Streamline.Protocols.Shared;

/// <summary>Reads from the headers of a response how long the provider asks to wait.</summary>
/// <remarks>
/// The exact headers go first: <c>retry-after-ms</c> and <c>x-ms-retry-after-ms</c> in milliseconds, then <c>retry-after</c> (RFC 9110) in seconds or as
/// a date, then <c>x-amz-retry-after</c> in milliseconds and <c>resets_in_seconds</c>. A header that comes twice, or holds a list, asks for the longest of its values.
/// </remarks>
internal static class RetryAfterHeader
{
    private static readonly (string Name, double SecondsPerUnit)[] Names =
    [
        ("retry-after-ms", 0.001),
        ("x-ms-retry-after-ms", 0.001),
        ("retry-after", 1),
        ("x-amz-retry-after", 0.001),
        ("resets_in_seconds", 1),
    ];

    /// <summary>Reads the headers.</summary>
    /// <param name="headers">The headers of the response.</param>
    /// <param name="now">The time against which a date is measured when the response has no <c>Date</c> header.</param>
    /// <returns>How long to wait, from zero to 365 days; <see langword="null"/> when no header says so.</returns>
    public static TimeSpan? Read(HttpResponseHeaders headers, DateTimeOffset now)
    {
        foreach (var (name, secondsPerUnit) in Names)
        {
            if (Longest(headers, name, secondsPerUnit, now) is { } seconds)
            {
                return TimeSpan.FromSeconds(Math.Clamp(seconds, 0, TimeSpan.FromDays(365).TotalSeconds));
            }
        }

        return null;
    }

    /// <summary>Reads <c>x-should-retry</c>, by which a server overrides what its status means.</summary>
    public static bool? ShouldRetry(HttpResponseHeaders headers) =>
        headers.TryGetValues("x-should-retry", out var values) && bool.TryParse(values.First(), out var value) ? value : null;

    private static double? Longest(HttpResponseHeaders headers, string name, double secondsPerUnit, DateTimeOffset now)
    {
        if (!headers.NonValidated.TryGetValues(name, out var values))
        {
            return null;
        }

        double? longest = null;
        foreach (var value in values)
        {
            if (TryReadDate(value, out var date))
            {
                // By the server's own clock where it says what it shows, so that a difference between the clocks does not count.
                longest = Math.Max(longest ?? 0, (date - (headers.Date ?? now)).TotalSeconds);
                continue;
            }

            foreach (var item in value.Split(','))
            {
                if (double.TryParse(item, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
                {
                    longest = Math.Max(longest ?? 0, number * secondsPerUnit);
                }
            }
        }

        return longest;
    }

    private static bool TryReadDate(string value, out DateTimeOffset date)
    {
        var isDate = RetryConditionHeaderValue.TryParse(value, out var condition) && condition.Date is not null;
        date = condition?.Date ?? default;
        return isDate;
    }
}
