using Microsoft.Extensions.AI;
using Streamline.Tools;

namespace Streamline;

/// <summary>Adds the tool loop to a pipeline.</summary>
public static class ToolStreamClientBuilderExtensions
{
    /// <summary>Runs the tools that the model calls, and goes on with their results until it calls no more.</summary>
    /// <param name="builder">The builder. The tool loop belongs outside of retry, so that every round is retried by itself.</param>
    /// <param name="tools">The tools, declared to the model beside those of the request's own options; copied.</param>
    /// <param name="configure">Sets the options; <see langword="null"/> for the defaults.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// <para>
    /// One stream holds all rounds, each with its own <see cref="ResponseStarted"/> and <see cref="ResponseCompleted"/>. <see cref="ToolExecutionStarted"/>,
    /// <see cref="ToolProgress"/> and <see cref="ToolResult"/> come between the provider's events as they happen, results in the order in which tools finish; those of the
    /// tools that wait for the end of a response follow its <see cref="ResponseCompleted"/>. The model gets the results in the order of its calls.
    /// </para>
    /// <para>
    /// A tool runs only on arguments that parsed strictly. A read-only tool starts when its call is sealed; any other when the response has ended
    /// with <see cref="FinishReason.ToolCalls"/> or <see cref="FinishReason.Stop"/>. After any other reason it gets an error result that says why it was not run, and the stream ends:
    /// except after <see cref="FinishReason.Pause"/>, when the conversation is sent again at once. A response that an attempt begins anew reuses the runs of equal calls.
    /// </para>
    /// <para>
    /// A call of a tool that only the request's own options declare is the caller's: the other calls are answered, and the stream ends. A call of a tool that nobody
    /// declared is answered with an error. A forced <see cref="ChatOptions.ToolMode"/> holds for the first round and is <see cref="ChatToolMode.Auto"/> after it.
    /// </para>
    /// <para>
    /// Tools run on the thread pool, not in the caller's context. They end with the stream: leaving it cancels them and waits until they have ended, as does
    /// its own end for those that ran into their time limit. So a tool must heed its token: one that does not keeps its place among <see cref="ToolLoopOptions.MaxConcurrency"/>
    /// and holds up the end of the stream, and one that waits for something that only happens after the stream holds it up for ever.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="tools"/> is <see langword="null"/>.</exception>
    public static StreamClientBuilder UseTools(this StreamClientBuilder builder, ToolSet tools, Action<ToolLoopOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(tools);
        var options = new ToolLoopOptions();
        configure?.Invoke(options);
        var catalog = tools.ToCatalog();
        options = options.Copy();
        return builder.Use(StreamStage.Tools, (inner, context) => new ToolLoopStreamClient(inner, catalog, options, options.Services ?? context.Services));
    }

    /// <summary>Runs the tools that the model calls, with default options: every tool may have effects, and so waits for the end of the response.</summary>
    /// <param name="builder">The builder. The tool loop belongs outside of retry, so that every round is retried by itself.</param>
    /// <param name="tools">The tools.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException">An argument or a tool is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">Two tools have one name, or one of them needs approval.</exception>
    public static StreamClientBuilder UseTools(this StreamClientBuilder builder, params AIFunction[] tools)
    {
        ArgumentNullException.ThrowIfNull(tools);
        return builder.UseTools(new ToolSet(tools));
    }
}
