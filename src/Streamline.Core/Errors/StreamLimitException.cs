using System.Globalization;

namespace Streamline;

/// <summary>A stream went past a limit: one that an option sets, or the fixed <c>MaxPayloadDepth</c>.</summary>
public sealed class StreamLimitException : StreamlineException
{
    /// <summary>Initializes a new instance of the <see cref="StreamLimitException"/> class.</summary>
    /// <param name="limitName">The name of the limit, which is that of the option that sets it, such as <c>MaxEventBytes</c>.</param>
    /// <param name="limit">The limit in force.</param>
    /// <param name="actual">The figure that reached it or went past it. Where reading stopped at the limit, the least that the figure can be.</param>
    public StreamLimitException(string limitName, long limit, long actual)
        : this(limitName, limit, actual, unit: "")
    {
    }

    /// <summary>Initializes a new instance for a limit whose name does not tell its unit.</summary>
    /// <param name="limitName">The name of the limit.</param>
    /// <param name="limit">The limit in force.</param>
    /// <param name="actual">The figure.</param>
    /// <param name="unit">The unit of both, with a space before it.</param>
    internal StreamLimitException(string limitName, long limit, long actual, string unit)
        : base(actual > limit
            ? string.Create(CultureInfo.InvariantCulture, $"{limitName} is {limit}{unit}; found at least {actual}{unit}.")
            : string.Create(CultureInfo.InvariantCulture, $"{limitName} is {limit}{unit}; it was reached."))
    {
        ArgumentException.ThrowIfNullOrEmpty(limitName);
        LimitName = limitName;
        Limit = limit;
        Actual = actual;
    }

    /// <summary>Gets the name of the limit: that of the option that sets it, or of a constant beside the options.</summary>
    public string LimitName { get; }

    /// <summary>Gets the limit in force, in the unit of the option.</summary>
    public long Limit { get; }

    /// <summary>Gets the figure that reached the limit or went past it, in the unit of the option.</summary>
    public long Actual { get; }
}
