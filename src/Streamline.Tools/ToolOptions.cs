using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Streamline;

/// <summary>How one tool of a <see cref="ToolSet"/> may be run.</summary>
/// <remarks>Not thread-safe. <c>UseTools</c> takes a copy, so later changes have no effect.</remarks>
public sealed class ToolOptions
{
    /// <summary>Gets or sets a value indicating whether running the tool changes nothing that anybody could notice.</summary>
    /// <value>
    /// The default is <see langword="false"/>, the safe side: the tool starts only when the response has ended with a reason that allows
    /// tools. A read-only tool starts as soon as its arguments are whole, while the model is still writing, unless an earlier call of the response is exclusive or changes what it reads;
    /// its work is lost when the response then breaks.
    /// </value>
    public bool ReadOnly { get; set; }

    /// <summary>Gets or sets a value indicating whether the tool never blocks its thread: it computes for no more than some microseconds, and awaits whatever takes longer.</summary>
    /// <value>
    /// The default is <see langword="false"/>, the safe side: the tool starts on a thread of the pool, so that nothing that it does holds up the stream. A tool that never blocks starts on the thread
    /// that reads the stream, which saves the change of threads. If it blocks after all, its stream makes no progress and cannot be cancelled meanwhile. Where the reader has a
    /// <see cref="SynchronizationContext"/>, as in a user interface, every tool starts on the pool.
    /// </value>
    public bool NonBlocking { get; set; }

    /// <summary>Gets or sets whether a call needs approval before the tool may run.</summary>
    /// <value>
    /// The default is <see langword="null"/>: a function that is an <c>ApprovalRequiredAIFunction</c> needs approval for every call, any other for none.
    /// Setting it overrides that.
    /// </value>
    public ToolApproval? Approval { get; set; }

    /// <summary>Gets or sets a value indicating whether the tool runs alone in its stream: after all calls before it and before all calls after it.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool Exclusive { get; set; }

    /// <summary>Gets or sets the function that names the resources that a call needs, from its arguments: <c>args =&gt; [ToolLock.Write("file:" + args.GetProperty("path").GetString())]</c>.</summary>
    /// <value>
    /// The default is <see langword="null"/>: none. Calls that change the same resource run one after another, in the order of the calls; calls that only read it share it. This holds
    /// across all streams of the client. A call gets all of its resources at once, so calls cannot block each other. An exception becomes an error result, and the tool is not run.
    /// </value>
    public Func<JsonElement, IEnumerable<ToolLock>>? Locks { get; set; }

    /// <summary>Gets or sets how many calls of this tool may run at once in one stream.</summary>
    /// <value>At least 1. The default is <see langword="null"/>: as many as <see cref="ToolLoopOptions.MaxConcurrency"/> allows.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int? MaxConcurrency { get; set => field = AtLeastOne(value); }

    /// <summary>Gets or sets how many calls of this tool one stream may run. Further calls get an error result.</summary>
    /// <value>At least 1. The default is <see langword="null"/>: no limit.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int? MaxCalls { get; set => field = AtLeastOne(value); }

    /// <summary>Gets or sets how long the tool may run. Waiting for its turn, a resource or approval does not count.</summary>
    /// <value>
    /// More than zero and at most <see cref="ToolLoopOptions.MaxTimeout"/>, or <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> for no limit.
    /// The default is <see langword="null"/>, which means <see cref="ToolLoopOptions.DefaultTimeout"/>.
    /// </value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan? Timeout
    {
        get;
        set => field = value is { } timeout ? ToolLoopOptions.CheckTimeout(timeout) : null;
    }

    /// <summary>Gets or sets a value indicating whether a failure of this tool cancels the other calls of the same response.</summary>
    /// <value>
    /// The default is <see langword="false"/>: calls do not depend on one another. When <see langword="true"/>, calls that run, wait or await approval are cancelled, finished ones keep their results, and the model is
    /// told which failure was the reason.
    /// </value>
    public bool CancelSiblingsOnFailure { get; set; }

    /// <summary>Gets or sets a value indicating whether the arguments are checked before the tool starts: against its JSON schema, and whether they can be read as the parameters of its method.</summary>
    /// <value>The default is <see langword="true"/>. The model is told which member is missing, mistyped or not allowed. Keywords that are not understood are not checked. Turn it off for a function whose own binding reads an argument as another type than that of the parameter.</value>
    public bool ValidateArguments { get; set; } = true;

    /// <summary>Gets or sets what the model gets of a tool that returns an <c>IAsyncEnumerable&lt;T&gt;</c>.</summary>
    /// <value>The default is <see cref="ToolStreamedResult.Last"/>.</value>
    public ToolStreamedResult StreamedResult { get; set; }

    internal ToolOptions Copy() => (ToolOptions)MemberwiseClone();

    private static int? AtLeastOne(int? value, [CallerMemberName] string option = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value ?? 1, 1, option);
        return value;
    }
}
