namespace Streamline;

/// <summary>Adds sentences to a pipeline.</summary>
public static class SentencesStreamClientBuilderExtensions
{
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
        var options = new SentenceOptions();
        configure?.Invoke(options);
        options = options.Copy();
        return builder.Use((inner, _) => new SentencesStreamClient(inner, options));
    }
}
