namespace Streamline.Tools;

/// <summary>The places of a stream: the calls that wait for one, in call order, and those that have one. Under the scheduler's lock.</summary>
/// <remarks>
/// A call that waits for a resource, or for the limit of its own tool, is overtaken by those after it. An exclusive call is not: it runs after everything before it and before
/// everything after it.
/// </remarks>
internal sealed class ToolQueue(int maxConcurrency)
{
    private readonly List<ToolCall> _waiting = [];
    private readonly HashSet<ToolCall> _running = [];
    private readonly Dictionary<string, int> _calls = new(StringComparer.Ordinal);

    public IReadOnlyList<ToolCall> Waiting => _waiting;

    public IReadOnlySet<ToolCall> Running => _running;

    /// <summary>Counts a call of a tool.</summary>
    /// <returns>Whether the tool may be called so often.</returns>
    public bool TryCount(RunnableTool tool)
    {
        _calls[tool.Name] = _calls.GetValueOrDefault(tool.Name) + 1;
        return _calls[tool.Name] <= (tool.Options.MaxCalls ?? int.MaxValue);
    }

    public void Add(ToolCall call) => _waiting.Add(call);

    /// <summary>Takes a call out, whether it waits or runs.</summary>
    public bool Remove(ToolCall call) => _waiting.Remove(call) | _running.Remove(call);

    /// <summary>Gives a place to the next call that may start; <see langword="null"/> when none may.</summary>
    public ToolCall? TryTakeNext()
    {
        var isOvertaking = false;
        foreach (var call in _waiting)
        {
            var isExclusive = call.Tool!.Options.Exclusive;
            if (_running.Count >= maxConcurrency
                || _running.Any(other => other.Tool!.Options.Exclusive)
                || (isExclusive && (isOvertaking || _running.Count > 0 || IsHeldUp(call))))
            {
                return null;
            }

            if (!IsHeldUp(call))
            {
                _waiting.Remove(call);
                _running.Add(call);
                return call;
            }

            isOvertaking = true;
        }

        return null;
    }

    private bool IsHeldUp(ToolCall call) => call.Ticket is { State: not ToolLockState.Granted }
        || _running.Count(other => string.Equals(other.Name, call.Name, StringComparison.Ordinal)) >= (call.Tool!.Options.MaxConcurrency ?? int.MaxValue);
}
