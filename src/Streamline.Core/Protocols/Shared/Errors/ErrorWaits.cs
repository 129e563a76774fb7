using System.Globalization;

namespace Streamline.Protocols.Shared;

/// <summary>Finds how long an error asks to wait.</summary>
internal static class ErrorWaits
{
    private const double MaxSeconds = 365 * 24 * 60 * 60;
    private const double MillisecondsPerSecond = 1000;

    /// <summary>Reads the wait of an object that is an error, or that holds one; <see langword="null"/> when it asks for none, or for more than a year.</summary>
    public static TimeSpan? Of(PayloadValue value)
    {
        var seconds = Seconds(value.Object("availability"u8).Member("retry_after"u8))
            ?? (Seconds(value.Member("retry_after_ms"u8)) / MillisecondsPerSecond)
            ?? Seconds(value.Member("retry_after"u8))
            ?? Seconds(value.Member("retry_after_seconds"u8))
            ?? Seconds(value.Member("retryAfter"u8))
            ?? Seconds(value.Member("resets_in_seconds"u8))
            ?? Seconds(value.Member("estimated_time"u8))
            ?? RetryDelay(value);
        return seconds is >= 0 and <= MaxSeconds ? TimeSpan.FromSeconds(seconds.Value) : null;
    }

    /// <summary>Reads the wait in the words of an error, such as <c>Please try again in 1m5.289s.</c>; <see langword="null"/> when they name none.</summary>
    public static TimeSpan? OfWords(string? message)
    {
        const string Words = "try again in ";
        if (message?.IndexOf(Words, StringComparison.OrdinalIgnoreCase) is not (>= 0 and var at))
        {
            return null;
        }

        var text = message.AsSpan(at + Words.Length);
        var end = text.IndexOfAny(" ,;)");
        text = (end < 0 ? text : text[..end]).TrimEnd('.');
        return RateLimitTime.ReadDuration(text)
            ?? (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds <= MaxSeconds ? TimeSpan.FromSeconds(seconds) : null);
    }

    private static double? RetryDelay(PayloadValue value)
    {
        foreach (var detail in value.Array("details"u8).Items)
        {
            if (Seconds(detail.Member("retryDelay"u8)) is { } seconds)
            {
                return seconds;
            }
        }

        return null;
    }

    // A number, or a text such as "3" or "3.5s".
    private static double? Seconds(PayloadValue value) =>
        value.GetDouble()
        ?? (value.GetString() is [.. var digits, 's']
            && double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
                ? seconds
                : null);
}
