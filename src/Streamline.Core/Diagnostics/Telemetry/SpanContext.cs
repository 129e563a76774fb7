using System.Diagnostics;

namespace Streamline.Diagnostics;

/// <summary>
/// The execution context of the consumer with another span in it. To set <see cref="Activity.Current"/> makes a context each time; the consumer's is nearly always the same one, so the context
/// that was made of it last is kept.
/// </summary>
internal sealed class SpanContext
{
    private ExecutionContext? _outer;
    private ExecutionContext? _inner;
    private Activity? _span;

    /// <summary>Makes a span the current one.</summary>
    /// <param name="outer">The current context; <see langword="null"/> where its flow is suppressed.</param>
    /// <param name="span">The span.</param>
    public void Enter(ExecutionContext? outer, Activity span)
    {
        if (outer is not null && outer == _outer && span == _span)
        {
            ExecutionContext.Restore(_inner!);
            return;
        }

        Activity.Current = span;
        (_outer, _span) = (outer, span);
        _inner = outer is null ? null : ExecutionContext.Capture();
    }

    /// <summary>Makes the context before the current one again.</summary>
    /// <param name="outer">What was given to <see cref="Enter"/>.</param>
    /// <param name="span">The span that was the current one before; <see langword="null"/> for none.</param>
    public static void Leave(ExecutionContext? outer, Activity? span)
    {
        if (outer is null)
        {
            Activity.Current = span;
        }
        else
        {
            ExecutionContext.Restore(outer);
        }
    }
}
