using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Logging;
using Streamline.Diagnostics;
using Streamline.Resilience;
using Streamline.Text;

namespace Streamline;

/// <summary>Adds middleware to a pipeline, the outermost first.</summary>
public static class StreamClientBuilderExtensions
{
    /// <summary>Adds retry, timeouts and backpressure, in the canonical order. An attempt may take one hour in all.</summary>
    /// <param name="builder">The builder. Tools, telemetry and other middleware that belongs outside of these is added before.</param>
    /// <param name="retry">Changes the options of retry; <see langword="null"/> for the defaults.</param>
    /// <param name="timeouts">Changes the time limits; <see langword="null"/> for the defaults.</param>
    /// <param name="backpressure">Changes the options of the buffer; <see langword="null"/> for the defaults.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    public static StreamClientBuilder UseDefaults(
        this StreamClientBuilder builder, Action<RetryOptions>? retry = null, Action<TimeoutOptions>? timeouts = null, Action<BackpressureOptions>? backpressure = null) =>
        builder
            .UseRetry(retry)
            .UseTimeouts(options =>
            {
                options.Total = TimeoutOptions.DefaultTotal;
                timeouts?.Invoke(options);
            })
            .UseBackpressure(backpressure);

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
        var options = Configured(configure).Copy();
        return builder.Use(StreamStage.Telemetry, (inner, context) => new TelemetryStreamClient(inner, options, options.TimeProvider ?? context.TimeProvider));
    }

    /// <summary>Logs the beginning, the end and the failure of each stream, and what the pipeline does about failures and limits. Texts are logged only on request.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes the options; <see langword="null"/> for the defaults.</param>
    /// <returns>The builder.</returns>
    /// <remarks>Failures are logged as errors, retries and changes of the client as warnings, ends and waits as information, the rest as debug messages. Without a logger factory nothing is added.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    public static StreamClientBuilder UseLogging(this StreamClientBuilder builder, Action<StreamLoggingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = Configured(configure).Copy();
        return builder.Use(StreamStage.Telemetry, (inner, context) =>
            (options.LoggerFactory ?? context.Services.GetService(typeof(ILoggerFactory)) as ILoggerFactory) is { } loggers
                ? new LoggingStreamClient(inner, loggers.CreateLogger("Streamline.Stream"), options, options.TimeProvider ?? context.TimeProvider)
                : inner);
    }

    /// <summary>Answers a request that was answered before from a cache, and lets equal requests that run at the same time share one request.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes the options; <see langword="null"/> for the defaults.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// <para>
    /// <see cref="CacheAnswered"/> says that an answer was not asked for again. Only complete answers are stored: none that was cut off, refused, or broke, and none for which a tool ran.
    /// Requests are equal if <see cref="CacheOptions.Name"/>, tenant, provider, model, messages, options, tools and <see cref="StreamRequest.ExtraBody"/> are.
    /// </para>
    /// <para>A shared request ends when its last reader has left. Belongs outside of the tool loop.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    public static StreamClientBuilder UseCache(this StreamClientBuilder builder, Action<CacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = Configured(configure).Copy();
        return builder.Use(StreamStage.Cache, (inner, context) => new CacheStreamClient(
            inner, options, options.Cache ?? context.Services.GetService(typeof(IDistributedCache)) as IDistributedCache, options.TimeProvider ?? context.TimeProvider));
    }

    /// <summary>Reports the Markdown blocks of the text while it streams: each <see cref="MarkdownUpdated"/> comes right after the <see cref="TextDelta"/> that decided it.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes the options; <see langword="null"/> for the defaults.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// All other events stay as they are, so that a server can send text and structure in one stream. Of several choices, the text of the first is read; each response is a text of its own, and block numbers continue. Open
    /// blocks are closed before the <see cref="ResponseCompleted"/> of their response, and before a failure of the stream; not when the text goes past a limit of the options. Belongs near the consumer: outside of <c>UseSmoothing</c> and of <c>UseGuard</c>. Where only the blocks are
    /// of interest, <see cref="StreamEventExtensions.ReadMarkdownAsync(IAsyncEnumerable{StreamEvent}, MarkdownOptions?, CancellationToken)"/> is simpler.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    public static StreamClientBuilder UseMarkdown(this StreamClientBuilder builder, Action<MarkdownOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = Configured(configure).Copy();
        return builder.Use(StreamStage.TextView, (inner, _) => new TextViewStreamClient(inner, () => new MarkdownTextView(options)));
    }

    /// <summary>Reports the fenced code of the text while it streams: each <see cref="CodeBlockUpdated"/> comes right after the <see cref="TextDelta"/> that decided it.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes the options; <see langword="null"/> for the defaults.</param>
    /// <returns>The builder.</returns>
    /// <remarks>As <see cref="UseMarkdown"/>, for code alone: text around the code is not reported again.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    public static StreamClientBuilder UseCodeBlocks(this StreamClientBuilder builder, Action<CodeBlockOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = Configured(configure).Copy();
        return builder.Use(StreamStage.TextView, (inner, _) => new TextViewStreamClient(inner, () => new CodeBlockTextView(options)));
    }

    /// <summary>Shows text at an even pace: providers send it in bursts, and readers prefer a flow.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes the options; <see langword="null"/> for the defaults.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// <para>
    /// Deltas of text are joined and cut again into pieces of whole grapheme clusters, one per <see cref="SmoothingOptions.Interval"/>, at the rate at which text arrives. No character waits
    /// longer than <see cref="SmoothingOptions.MaxDelay"/>, however fast the model is. The order of events stays the same: what is neither text nor a mere report (usage, metadata,
    /// keep-alives) lets out at once all text that came before it, and so do the end of the stream and its failure.
    /// </para>
    /// <para>Belongs near the consumer: outside of the tool loop, so that tools do not wait for text.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    public static StreamClientBuilder UseSmoothing(this StreamClientBuilder builder, Action<SmoothingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = Configured(configure).Copy();
        return builder.Use(StreamStage.Smoothing, (inner, context) => new SmoothingStreamClient(inner, options, context.TimeProvider));
    }

    /// <summary>Passes text on by sentences: each <see cref="TextDelta"/> is one sentence, with the blanks before it.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes the options; <see langword="null"/> for the defaults.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// The text stays the same. Any event that is not a mere report, such as a tool call or the end of the block, first lets out the text that arrived before it, and so does a failure. Reasoning is passed through as it
    /// comes. Belongs near the consumer, and not beside <c>UseSmoothing</c>, which cuts the text anew.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    public static StreamClientBuilder UseSentences(this StreamClientBuilder builder, Action<SentenceOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = Configured(configure).Copy();
        return builder.Use((inner, _) => new SentencesStreamClient(inner, options));
    }

    /// <summary>Analyzes the text while it streams: what is found in each sentence or window is a <see cref="TextFinding"/> in the same stream.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The name of the analysis, for <see cref="TextFinding.Name"/>.</param>
    /// <param name="analyze">
    /// The analysis. It gets the part of the text and a token that is cancelled when the stream is left, and returns what it found as JSON, or <see langword="null"/> for nothing. It runs on the thread pool, several times at once if
    /// <see cref="TextAnalysisOptions.MaxConcurrency"/> is more than 1.
    /// </param>
    /// <param name="configure">Changes the options; <see langword="null"/> for the defaults.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// <para>
    /// Analyses do not hold up the text: it continues while they run, up to <see cref="TextAnalysisOptions.MaxPending"/> of them. Findings come in the order of the text, each as soon as those before it have come, after the delta that
    /// completes its part, and before the <see cref="ResponseCompleted"/> of its response. Findings of blocks that are discarded by a <see cref="StreamRestarted"/> do not come after it. When the stream fails, what is still pending is dropped.
    /// </para>
    /// <para>Belongs outside of the tool loop and of the guard. Several analyses may be added; each sees the text, and none the findings of another.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static StreamClientBuilder UseTextAnalysis(
        this StreamClientBuilder builder,
        string name,
        Func<TextSegment, CancellationToken, ValueTask<JsonElement?>> analyze,
        Action<TextAnalysisOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(analyze);
        var options = Configured(configure).Copy();
        return builder.Use(StreamStage.Other, (inner, context) => new TextAnalysisStreamClient(inner, name, analyze, options, context.TimeProvider));
    }

    /// <summary>Holds text back until it was checked, so that nothing is shown that should not be.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets the rules or the check.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// <para>
    /// Rules are exact: however the text arrives, what is shown is what <see cref="GuardRule.Apply"/> makes of each block, if the <c>maxChars</c> of each pattern is enough to decide its matches. A check sees the text in windows of a fixed size, with what stands around
    /// them. A response that is blocked ends with <see cref="FinishReason.ContentFilter"/> and the reason given, and its connection is closed.
    /// </para>
    /// <para>
    /// A tool call, the end of a block and the end of the response wait for the text before them; a tool call ends the text before it. Reports such as usage do not wait. Text that is held
    /// back when the stream fails is not shown, and not part of the partial response. Belongs inside of the tool loop, which otherwise would run tools before they are checked.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">There is nothing to check.</exception>
    public static StreamClientBuilder UseGuard(this StreamClientBuilder builder, Action<GuardOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var options = Configured(configure).Copy();
        return options is { Rules.Count: 0, Check: null, CheckToolCall: null }
            ? throw new ArgumentException("The guard has neither rules nor a check; it needs at least one of them.", nameof(configure))
            : builder.Use(StreamStage.Guard, (inner, _) => new GuardStreamClient(inner, options));
    }

    /// <summary>Sends a second request when the first content is later than that of most requests of its kind; the one whose content comes first answers, and the other one is closed at once.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes the options; <see langword="null"/> for the defaults.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// <para>
    /// <see cref="HedgeStarted"/> and <see cref="HedgeEnded"/> say so. If one of the two fails before it has content, the other one answers. A request with tools that run at the provider,
    /// or one that leaves something there (background responses, conversations, stored responses, also those that the protocol stores unless <c>store</c> is <see langword="false"/>), is never sent twice.
    /// </para>
    /// <para>Belongs inside of the tool loop and of failover, and outside of retry.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">Both clients have one name. By <see cref="StreamClientBuilder.Build"/>: they speak different protocols.</exception>
    public static StreamClientBuilder UseHedging(this StreamClientBuilder builder, Action<HedgingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = Configured(configure).Copy();
        return builder.Use(StreamStage.Failover, (inner, context) => HedgingStreamClient.Create(inner, options, options.TimeProvider ?? context.TimeProvider));
    }

    /// <summary>Has other clients take over when the client inside fails: before it has shown content, or in the middle of the answer if <see cref="FailoverOptions.MidStream"/> allows it.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Names the clients, and changes the options.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// <para>
    /// <see cref="ClientChanged"/> says who is asked next. Events without content are held back until the first one with content. Once content was shown,
    /// <see cref="FailoverOptions.MidStream"/> decides. The exception that is thrown in the end is that of the client that was asked last, or what cut the answer that was shown.
    /// </para>
    /// <para>Belongs inside of the tool loop and outside of retry: each client is a pipeline of its own, with its own retry, rate limits and timeouts.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">There is no client, or two have one name. By <see cref="StreamClientBuilder.Build"/>: a client of another provider has no model.</exception>
    public static StreamClientBuilder UseFailover(this StreamClientBuilder builder, Action<FailoverOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var options = Configured(configure).Copy();
        return builder.Use(StreamStage.Failover, (inner, context) => new FailoverStreamClient(inner, options, options.TimeProvider ?? context.TimeProvider));
    }

    /// <inheritdoc cref="UseFailover(StreamClientBuilder, Action{FailoverOptions})"/>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Names the clients, and changes the options. It is given the services of <see cref="StreamClientBuilder.Build"/>, to get the other clients from them.</param>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">By <see cref="StreamClientBuilder.Build"/>: there is no client, two have one name, or a client of another provider has no model.</exception>
    public static StreamClientBuilder UseFailover(this StreamClientBuilder builder, Action<FailoverOptions, IServiceProvider> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        return builder.Use(StreamStage.Failover, (inner, context) =>
        {
            var options = Configured<FailoverOptions>(options => configure(options, context.Services)).Copy();
            return new FailoverStreamClient(inner, options, options.TimeProvider ?? context.TimeProvider);
        });
    }

    /// <summary>Sends a failed request again: without a trace before content was shown, and after it as <see cref="RetryOptions.MidStream"/> says.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes the options; <see langword="null"/> for the defaults.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// <para>
    /// Events without content are held back until the first one with content and are dropped with a failed attempt.
    /// <see cref="RetryScheduled"/>, <see cref="RateLimitWait"/> and <see cref="KeepAlive"/> are shown at once, the former before its delay passes.
    /// </para>
    /// <para>
    /// The exception that is thrown in the end is that of the last attempt; <see cref="StreamlineException.Attempts"/> counts them.
    /// A response that has ended, or whose tools have begun to run, is never asked for again.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    public static StreamClientBuilder UseRetry(this StreamClientBuilder builder, Action<RetryOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = Configured(configure).Copy();
        return builder.Use(StreamStage.Retry, (inner, context) =>
            options is { MaxAttempts: 1, Pipeline: null, Continue: { OnLength: false, OnPause: false } } ? inner : new RetryStreamClient(inner, options, options.TimeProvider ?? context.TimeProvider));
    }

    /// <summary>Sends requests no faster than the provider's rate limits allow: those that the options name, and those that the provider reports with its responses.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes the options; <see langword="null"/> for the defaults.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// <para>A request that has to wait says so by <see cref="RateLimitWait"/>. When its turn has come it is sent, and its reservation of tokens is corrected as soon as its usage is known.</para>
    /// <para>Belongs inside of retry, so that each attempt is counted, and outside of timeouts, so that waiting is not limited by them.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">Two limits are of one resource.</exception>
    public static StreamClientBuilder UseRateLimit(this StreamClientBuilder builder, Action<RateLimitOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = Configured(configure).Copy();
        return builder.Use(StreamStage.RateLimit, (inner, context) => new RateLimitStreamClient(inner, options, options.TimeProvider ?? context.TimeProvider));
    }

    /// <summary>Ends a stream whose first event, next event or end does not come in time, with <see cref="StreamTimeoutException"/>.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes the options; <see langword="null"/> for the defaults.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// The stream has ended when the exception is thrown; nothing is left running. A source that ignores its
    /// cancellation token, which <see cref="IStreamClient"/> forbids, delays the exception. Inside of retry the limits apply to each attempt,
    /// outside to all of them. Cancellation by the caller stays an <see cref="OperationCanceledException"/>, even if a limit passes at the same time.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    public static StreamClientBuilder UseTimeouts(this StreamClientBuilder builder, Action<TimeoutOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = Configured(configure).Copy();
        return builder.Use(StreamStage.Timeouts, (inner, context) =>
            options.IsUnlimited ? inner : new TimeoutStreamClient(inner, options, options.TimeProvider ?? context.TimeProvider));
    }

    /// <summary>Lets a stream run ahead of its consumer, up to a bounded number and size of events.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes the options; <see langword="null"/> for the defaults.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// The source is read in the background until the buffer is full. A failure of the source reaches the consumer after all events that came before it; a
    /// cancellation discards them. The source has ended when the enumerator is disposed. See docs/backpressure.md.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    public static StreamClientBuilder UseBackpressure(this StreamClientBuilder builder, Action<BackpressureOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = Configured(configure).Copy();
        return builder.Use(StreamStage.Backpressure, (inner, _) => new BackpressureStreamClient(inner, options));
    }

    private static T Configured<T>(Action<T>? configure)
        where T : new()
    {
        var options = new T();
        configure?.Invoke(options);
        return options;
    }
}
