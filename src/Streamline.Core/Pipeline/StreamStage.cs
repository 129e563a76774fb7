namespace Streamline;

/// <summary>The purpose of a middleware, in the canonical order of a pipeline: outermost first.</summary>
public enum StreamStage
{
    /// <summary>Anything else; it may be anywhere.</summary>
    Other,

    /// <summary>Traces, metrics and logs.</summary>
    Telemetry,

    /// <summary>Reporting the structure of the text: Markdown blocks, code.</summary>
    TextView,

    /// <summary>Showing text at an even pace.</summary>
    Smoothing,

    /// <summary>Recording a stream, and sharing it among consumers.</summary>
    Recording,

    /// <summary>Answering from a cache.</summary>
    Cache,

    /// <summary>Running the tools that the model calls.</summary>
    Tools,

    /// <summary>Checking what the model writes before it is shown or run.</summary>
    Guard,

    /// <summary>Asking another client, after a failure or at the same time.</summary>
    Failover,

    /// <summary>Sending a failed request again.</summary>
    Retry,

    /// <summary>Limiting how many requests are sent.</summary>
    RateLimit,

    /// <summary>Time limits.</summary>
    Timeouts,

    /// <summary>Buffering between the source and the consumer.</summary>
    Backpressure,
}
