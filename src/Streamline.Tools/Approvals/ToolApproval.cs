namespace Streamline;

/// <summary>Which calls of a tool need approval.</summary>
/// <remarks>Immutable.</remarks>
public sealed class ToolApproval
{
    private readonly Func<ToolCallContext, bool> _isNeeded;

    private ToolApproval(Func<ToolCallContext, bool> isNeeded) => _isNeeded = isNeeded;

    /// <summary>Gets the rule that no call needs approval.</summary>
    public static ToolApproval Never { get; } = new(static _ => false);

    /// <summary>Gets the rule that every call needs approval.</summary>
    public static ToolApproval Always { get; } = new(static _ => true);

    /// <summary>Makes a rule that decides call by call.</summary>
    /// <param name="predicate">Tells whether a call needs approval. It must be quick. An exception becomes an error result, and the tool is not run.</param>
    /// <returns>The rule.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="predicate"/> is <see langword="null"/>.</exception>
    public static ToolApproval When(Func<ToolCallContext, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return new ToolApproval(predicate);
    }

    internal bool IsNeeded(ToolCallContext context) => _isNeeded(context);
}
