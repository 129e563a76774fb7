namespace Streamline.Diagnostics;

/// <summary>The names under which a pipeline with <c>UseTelemetry</c> traces and measures.</summary>
public static class StreamTelemetry
{
    /// <summary>The name of the <see cref="System.Diagnostics.ActivitySource"/> of all spans: <c>Streamline</c>. The spans of tools come from a source of the same name.</summary>
    public const string SourceName = "Streamline";

    /// <summary>The name of the <see cref="System.Diagnostics.Metrics.Meter"/> of all metrics: <c>Streamline</c>.</summary>
    public const string MeterName = "Streamline";
}
