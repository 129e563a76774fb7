using System.Runtime.CompilerServices;

namespace Streamline.Text;

/// <summary>How <c>UseSmoothing</c> spreads text over time.</summary>
/// <remarks>The client copies the values when it is built, so later changes have no effect on it.</remarks>
public sealed class SmoothingOptions
{
    /// <summary>The default of <see cref="MaxDelay"/>: 150 ms, which a reader does not notice.</summary>
    internal static readonly TimeSpan DefaultMaxDelay = TimeSpan.FromMilliseconds(150);

    /// <summary>The default of <see cref="Interval"/>: 33 ms, a piece for every second frame of a 60 Hz screen.</summary>
    internal static readonly TimeSpan DefaultInterval = TimeSpan.FromMilliseconds(33);

    /// <summary>The default of <see cref="MaxChars"/>.</summary>
    internal const int DefaultMaxChars = 50;

    /// <summary>Gets or sets the longest delay between the arrival of a character and its display.</summary>
    /// <value>More than zero, at most 10 s. The default is 150 ms, which a reader does not notice.</value>
    public TimeSpan MaxDelay
    {
        get;
        set => field = InRange(value, TimeSpan.FromSeconds(10));
    } = DefaultMaxDelay;

    /// <summary>Gets or sets the time between two pieces.</summary>
    /// <value>More than zero, at most 1 s. The default is 33 ms, a piece for every second frame of a 60 Hz screen.</value>
    public TimeSpan Interval
    {
        get;
        set => field = InRange(value, TimeSpan.FromSeconds(1));
    } = DefaultInterval;

    /// <summary>Gets or sets the most characters (UTF-16 code units) of one piece. A grapheme cluster that is longer is a piece by itself.</summary>
    /// <value>1 or more. The default is 50.</value>
    public int MaxChars
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxChars));
            field = value;
        }
    } = DefaultMaxChars;

    /// <summary>Gets or sets a value indicating whether reasoning is smoothed too.</summary>
    /// <value>The default is <see langword="true"/>.</value>
    public bool IncludeReasoning { get; set; } = true;

    internal SmoothingOptions Copy() => (SmoothingOptions)MemberwiseClone();

    private static TimeSpan InRange(TimeSpan value, TimeSpan most, [CallerMemberName] string option = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero, option);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most, option);
        return value;
    }
}
