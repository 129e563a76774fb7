using System.Buffers;
using System.Globalization;

namespace Streamline.Protocols.Shared;

/// <summary>Reads when a rate limit is whole again, in every form in which providers write it.</summary>
internal static class RateLimitTime
{
    private const double UnixMilliseconds = 1e11;
    private const double UnixSeconds = 1e9;
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    private static readonly (string Unit, double Seconds)[] Units =
    [
        ("ms", 1e-3), ("us", 1e-6), ("µs", 1e-6), ("μs", 1e-6), ("ns", 1e-9), ("d", 86400), ("h", 3600), ("m", 60), ("s", 1),
    ];

    /// <summary>Reads a time: RFC 3339, an HTTP date, a Go duration such as <c>1h2m3.5s</c>, a Unix time in seconds or milliseconds, or a number of seconds from now.</summary>
    /// <param name="text">The text.</param>
    /// <param name="now">The time now.</param>
    /// <returns>The time; <see langword="null"/> for anything else, and for more than a year from now.</returns>
    public static DateTimeOffset? Read(ReadOnlySpan<char> text, DateTimeOffset now)
    {
        text = text.Trim();
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return Near(
                number >= UnixMilliseconds ? number / 1000 : number,
                isUnix: number >= UnixSeconds,
                now);
        }

        if (ReadDuration(text) is { } duration)
        {
            return now + duration;
        }

        return text.Length >= "2026-01-01".Length
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            && (time - now).Duration() <= Longest
                ? time
                : null;
    }

    /// <summary>Reads a duration as the language Go writes it, such as <c>120ms</c> or <c>6m0s</c>; <see langword="null"/> for anything else.</summary>
    public static TimeSpan? ReadDuration(ReadOnlySpan<char> text)
    {
        var seconds = 0d;
        text = text.Trim();
        if (text.IsEmpty)
        {
            return null;
        }

        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExcept(Digits);
            if (digits <= 0 || !double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            text = text[digits..];
            if (!TryReadUnit(ref text, out var secondsPerUnit))
            {
                return null;
            }

            seconds += number * secondsPerUnit;
        }

        return seconds <= Longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
    }

    private static bool TryReadUnit(ref ReadOnlySpan<char> text, out double seconds)
    {
        foreach (var (unit, secondsPerUnit) in Units)
        {
            if (text.StartsWith(unit, StringComparison.Ordinal))
            {
                text = text[unit.Length..];
                seconds = secondsPerUnit;
                return true;
            }
        }

        seconds = 0;
        return false;
    }

    private static DateTimeOffset? Near(double seconds, bool isUnix, DateTimeOffset now)
    {
        var fromNow = isUnix ? seconds - (now - DateTimeOffset.UnixEpoch).TotalSeconds : seconds;
        return double.IsFinite(fromNow) && Math.Abs(fromNow) <= Longest.TotalSeconds ? now + TimeSpan.FromSeconds(fromNow) : null;
    }
}
