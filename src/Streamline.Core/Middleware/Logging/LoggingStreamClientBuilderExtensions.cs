using Microsoft.Extensions.Logging;

namespace Streamline;

/// <summary>Adds logs to a pipeline.</summary>
public static class LoggingStreamClientBuilderExtensions
{
    /// <summary>Logs the beginning, the end and the failure of each stream, and what the pipeline does about failures and limits. Texts are logged only on request.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes the options; <see langword="null"/> for the defaults.</param>
    /// <returns>The builder.</returns>
    /// <remarks>Failures are logged as errors, retries and changes of the client as warnings, ends and waits as information, the rest as debug messages. Without a logger factory nothing is added.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    public static StreamClientBuilder UseLogging(this StreamClientBuilder builder, Action<StreamLoggingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new StreamLoggingOptions();
        configure?.Invoke(options);
        options = options.Copy();
        return builder.Use(StreamStage.Telemetry, (inner, context) =>
            (options.LoggerFactory ?? context.Services.GetService(typeof(ILoggerFactory)) as ILoggerFactory) is { } loggers
                ? new LoggingStreamClient(inner, loggers.CreateLogger("Streamline.Stream"), options, options.TimeProvider ?? context.TimeProvider)
                : inner);
    }
}
