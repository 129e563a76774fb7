namespace Streamline;

/// <summary>Adds traces and metrics to a pipeline.</summary>
public static class TelemetryStreamClientBuilderExtensions
{
    /// <summary>Traces and measures each stream with the names of OpenTelemetry's conventions for generative AI: one span for the stream, and in it one for each request to a model.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes the options; <see langword="null"/> for the defaults.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// <para>Listen to <see cref="StreamTelemetry.SourceName"/> and <see cref="StreamTelemetry.MeterName"/>. A stream to which nobody listens when it is made costs nothing.</para>
    /// <para>
    /// Belongs outside of everything else. Requests, and tools, run under the spans; the code that reads the stream keeps its own <see cref="System.Diagnostics.Activity.Current"/>. Where
    /// Microsoft.Extensions.AI traces the same requests, inside or outside, they are not traced and counted twice.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    public static StreamClientBuilder UseTelemetry(this StreamClientBuilder builder, Action<TelemetryOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new TelemetryOptions();
        configure?.Invoke(options);
        options = options.Copy();
        return builder.Use(StreamStage.Telemetry, (inner, context) => new TelemetryStreamClient(inner, options, options.TimeProvider ?? context.TimeProvider));
    }
}
