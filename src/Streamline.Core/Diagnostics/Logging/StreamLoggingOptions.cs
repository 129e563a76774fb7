using Microsoft.Extensions.Logging;

namespace Streamline.Diagnostics;

/// <summary>What a pipeline logs.</summary>
/// <remarks>The client copies the values when it is built, so later changes have no effect on it.</remarks>
public sealed class StreamLoggingOptions
{
    /// <summary>Gets or sets what makes the logger, whose category is <c>Streamline.Stream</c>.</summary>
    /// <value>The default is <see langword="null"/>: that of the services given to <see cref="StreamClientBuilder.Build"/>; without one, nothing is logged.</value>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Gets or sets a value indicating whether each event is logged with its content, at the level Trace, and a failure with its exception. Both may hold personal data.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool LogContent { get; set; }

    /// <summary>Gets or sets what is done to the JSON form of an event, all of it, before it is cut to 1,024 characters and logged.</summary>
    /// <value>The default is <see langword="null"/>: nothing. It must be thread-safe; an event for which it throws or returns <see langword="null"/> is not logged, and no exception is while it is set: its message cannot be redacted.</value>
    public Func<string, string?>? Redact { get; set; }

    /// <summary>Gets or sets the clock.</summary>
    /// <value>The default is <see langword="null"/>: the clock of the pipeline, see <see cref="StreamClientBuilder.UseTimeProvider"/>.</value>
    public TimeProvider? TimeProvider { get; set; }

    internal StreamLoggingOptions Copy() => (StreamLoggingOptions)MemberwiseClone();
}
