namespace Streamline.Protocols.Shared;

/// <summary>Reads a time that is given in seconds since 1970.</summary>
internal static class UnixTime
{
    // The last second of the year 9999.
    private const double MaxSeconds = 253_402_300_799;

    /// <summary>Reads a number; <see langword="null"/> for anything else, and for what is not a time after 1970.</summary>
    public static DateTimeOffset? Read(PayloadValue value) =>
        value.IsNumber && value.GetDouble() is > 0 and <= MaxSeconds and var seconds ? DateTimeOffset.UnixEpoch.AddSeconds(seconds) : null;
}
