using System.Text.Json;

namespace Streamline;

/// <summary>Adds analyses of text to a pipeline.</summary>
public static class TextAnalysisStreamClientBuilderExtensions
{
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
        var options = new TextAnalysisOptions();
        configure?.Invoke(options);
        options = options.Copy();
        return builder.Use(StreamStage.Other, (inner, context) => new TextAnalysisStreamClient(inner, name, analyze, options, context.TimeProvider));
    }
}
