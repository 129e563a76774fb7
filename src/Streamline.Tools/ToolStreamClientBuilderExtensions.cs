using Microsoft.Extensions.AI;
using Streamline.Tools;

namespace Streamline;

/// <summary>Adds the tool loop to a pipeline.</summary>
public static class ToolStreamClientBuilderExtensions
{
    /// <summary>Runs the tools that the model calls, and sends their results, until it calls no more.</summary>
    /// <param name="builder">The builder. The tool loop belongs outside of retry, so that every round is retried by itself.</param>
    /// <param name="tools">The tools, declared to the model beside those of the request's own options; copied.</param>
    /// <param name="configure">Sets the options; <see langword="null"/> for the defaults.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// <para>
    /// One stream holds all rounds, each with its own <see cref="ResponseStarted"/> and <see cref="ResponseCompleted"/>. The events of tools
    /// come between the provider's events as they happen, results in the order in which tools finish. The model gets the results in the order of its calls.
    /// </para>
    /// <para>
    /// A tool runs only on arguments that were parsed strictly and match its schema. A read-only tool starts when its arguments are whole; any other when the response has ended
    /// properly. After a refusal, a limit, a filter or an error it is not run and the stream ends; after <see cref="FinishReason.Pause"/> it is not run and the conversation is sent
    /// again at once. When a retry restarts a response, calls equal to those that have run already get their results: no tool runs twice.
    /// </para>
    /// <para>
    /// The functions among the request's own tools (<see cref="ChatOptions.Tools"/>) are run like those given here. A call of a tool that the request only declares is the caller's:
    /// the other calls are run, and the stream ends. A call of a tool that nobody declared is answered with an error. A forced <see cref="ChatOptions.ToolMode"/> holds for the first
    /// round and is <see cref="ChatToolMode.Auto"/> after it.
    /// </para>
    /// <para>
    /// Tools run on the thread pool (but see <see cref="ToolOptions.NonBlocking"/>), with the execution context of the caller. They end with the stream. When it fails or is cancelled, each open call is first answered by a
    /// <see cref="ToolResult"/>: its result if it had finished, otherwise an error that says whether its tool had started. So what has arrived is always a conversation that can be
    /// sent again. A tool that ignores its token is abandoned after <see cref="ToolLoopOptions.GracePeriod"/>.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="tools"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public static StreamClientBuilder UseTools(this StreamClientBuilder builder, ToolSet tools, Action<ToolLoopOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(tools);
        var options = new ToolLoopOptions();
        configure?.Invoke(options);
        if (options is { MaxCost: not null, CostOf: null })
        {
            throw new ArgumentException($"{nameof(ToolLoopOptions)}.{nameof(ToolLoopOptions.MaxCost)} needs {nameof(ToolLoopOptions.CostOf)}; found none.", nameof(configure));
        }

        var runnable = tools.ToTools();
        options = options.Copy();
        return builder.Use(StreamStage.Tools, (inner, context) => new ToolLoopStreamClient(inner, runnable, options.WithClock(context.TimeProvider), options.Services ?? context.Services));
    }

    /// <summary>Runs the tools that the model calls, with default options: every tool may have effects, so it waits for the end of the response.</summary>
    /// <param name="builder">The builder. The tool loop belongs outside of retry, so that every round is retried by itself.</param>
    /// <param name="tools">The tools; without any, those of each request are run.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException">An argument or a tool is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">Two tools have the same name.</exception>
    public static StreamClientBuilder UseTools(this StreamClientBuilder builder, params AIFunction[] tools)
    {
        ArgumentNullException.ThrowIfNull(tools);
        return builder.UseTools(new ToolSet(tools));
    }
}
