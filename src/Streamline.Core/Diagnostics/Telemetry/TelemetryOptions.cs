namespace Streamline.Diagnostics;

/// <summary>What a pipeline traces and measures.</summary>
/// <remarks>The client copies the values when it is built, so later changes have no effect on it.</remarks>
public sealed class TelemetryOptions
{
    /// <summary>Gets or sets which names are used.</summary>
    /// <value>The default is <see cref="GenAiEdition.V141"/>.</value>
    public GenAiEdition Edition
    {
        get;
        set => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(Edition), value, "Expected V141 or Next.");
    }

    /// <summary>Gets or sets a value indicating whether the texts of requests and responses are attached to spans. They may hold personal data.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool CaptureContent { get; set; }

    /// <summary>Gets or sets what is done to each text, and to arguments and results as JSON, before it is attached.</summary>
    /// <value>The default is <see langword="null"/>: nothing. It must be thread-safe; if it throws, the text is replaced by a note.</value>
    public Func<string, string>? Redact { get; set; }

    /// <summary>Gets or sets how long a wait within a response is a stall.</summary>
    /// <value>More than zero, at most a day. The default is 10 seconds.</value>
    public TimeSpan StallAfter
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero, nameof(StallAfter));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromDays(1), nameof(StallAfter));
            field = value;
        }
    } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets the clock.</summary>
    /// <value>The default is <see langword="null"/>: the clock of the pipeline, see <see cref="StreamClientBuilder.UseTimeProvider"/>.</value>
    public TimeProvider? TimeProvider { get; set; }

    internal TelemetryOptions Copy() => (TelemetryOptions)MemberwiseClone();
}
