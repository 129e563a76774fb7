namespace Streamline;

/// <summary>Adds views of the text, as events of the stream, to a pipeline.</summary>
public static class TextViewStreamClientBuilderExtensions
{
    /// <summary>Reports the Markdown blocks of the text while it streams: each <see cref="MarkdownUpdated"/> comes right after the <see cref="TextDelta"/> that decided it.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes the options; <see langword="null"/> for the defaults.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// All other events stay as they are, so that a server can send text and structure in one stream. Of several choices, the text of the first is read; each response is a text of its own, and block numbers continue. Open
    /// blocks are closed before the <see cref="ResponseCompleted"/> of their response, and before a failure of the stream; not when the text goes past a limit of the options. Belongs near the consumer: outside of <c>UseSmoothing</c> and of <c>UseGuard</c>. Where only the blocks are
    /// of interest, <see cref="MarkdownStreamExtensions.ReadMarkdownAsync(IAsyncEnumerable{StreamEvent}, MarkdownOptions?, CancellationToken)"/> is simpler.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    public static StreamClientBuilder UseMarkdown(this StreamClientBuilder builder, Action<MarkdownOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new MarkdownOptions();
        configure?.Invoke(options);
        options = options.Copy();
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
        var options = new CodeBlockOptions();
        configure?.Invoke(options);
        options = options.Copy();
        return builder.Use(StreamStage.TextView, (inner, _) => new TextViewStreamClient(inner, () => new CodeBlockTextView(options)));
    }
}
