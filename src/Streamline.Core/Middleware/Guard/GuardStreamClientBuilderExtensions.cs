namespace Streamline;

/// <summary>Adds a guard to a pipeline.</summary>
public static class GuardStreamClientBuilderExtensions
{
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
        var options = new GuardOptions();
        configure(options);
        options = options.Copy();
        return options is { Rules.Count: 0, Check: null, CheckToolCall: null }
            ? throw new ArgumentException("Found a guard without rules and without a check, expected at least one of them.", nameof(configure))
            : builder.Use(StreamStage.Guard, (inner, _) => new GuardStreamClient(inner, options));
    }
}
