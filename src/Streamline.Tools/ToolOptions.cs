namespace Streamline;

/// <summary>How one tool of a <see cref="ToolSet"/> may be run.</summary>
/// <remarks>Not thread-safe. <c>UseTools</c> takes a copy, so that later changes have no effect.</remarks>
public sealed class ToolOptions
{
    /// <summary>Gets or sets a value indicating whether running the tool changes nothing that anybody could notice.</summary>
    /// <value>
    /// The default is <see langword="false"/>, the safe side: the tool starts only when the response has ended with a reason that allows
    /// tools. A read-only tool starts as soon as its call is sealed, while the model goes on; its work is in vain when the response then breaks.
    /// </value>
    public bool ReadOnly { get; set; }

    /// <summary>Gets or sets a value indicating whether the tool runs alone: after all that run have ended, and before any that wait.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool Exclusive { get; set; }

    /// <summary>Gets or sets how long the tool may run; waiting for its turn does not count.</summary>
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

    /// <summary>
    /// Gets or sets a value indicating whether a failure of this tool cancels the other calls of the same response: those that run and those that
    /// wait. What had finished stands. The model is told which failure was the reason.
    /// </summary>
    /// <value>The default is <see langword="false"/>: calls do not depend on one another.</value>
    public bool CancelSiblingsOnFailure { get; set; }

    internal ToolOptions Copy() => (ToolOptions)MemberwiseClone();
}
