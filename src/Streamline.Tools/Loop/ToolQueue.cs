namespace Streamline.Tools;

/// <summary>The places of a stream: the calls that wait for one, in call order, and those that have one. Under the scheduler's lock.</summary>
/// <remarks>
/// A call that waits for a resource, or for the limit of its own tool, is overtaken by those after it. An exclusive call is not: it runs after everything before it and before
/// everything after it.
/// </remarks>
internal sealed class ToolQueue(int maxConcurrency)
{
    private readonly List<ToolCall> _waiting = [];
    private readonly List<ToolCall> _running = [];
    private Dictionary<string, int>? _counts; // of the tools that have a limit

    public IReadOnlyList<ToolCall> Waiting => _waiting;

    public IReadOnlyList<ToolCall> Running => _running;

    /// <summary>Counts a call of a tool.</summary>
    /// <returns>Whether the tool may be called so often.</returns>
    public bool TryCount(RunnableTool tool)
    {
        if (tool.Options.MaxCalls is not { } limit)
        {
            return true;
        }

        _counts ??= new(StringComparer.Ordinal);
        var count = _counts.GetValueOrDefault(tool.Name) + 1;
        _counts[tool.Name] = count;
        return count <= limit;
    }

    public void Add(ToolCall call) => _waiting.Add(call);

    public bool IsRunning(ToolCall call) => _running.Contains(call);

    /// <summary>Takes a call out, whether it waits or runs.</summary>
    public bool Remove(ToolCall call) => _waiting.Remove(call) | _running.Remove(call);

    /// <summary>Gives a place to the next call that may start; <see langword="null"/> when none may.</summary>
    public ToolCall? TryTakeNext()
    {
        for (var i = 0; i < _waiting.Count && _running.Count < maxConcurrency && !IsExclusiveRunning(); i++)
        {
            var call = _waiting[i];
            var isHeldUp = IsHeldUp(call);
            if (call.Tool!.Options.Exclusive && (i > 0 || _running.Count > 0 || isHeldUp))
            {
                return null;
            }

            if (!isHeldUp)
            {
                _waiting.RemoveAt(i);
                _running.Add(call);
                return call;
            }
        }

        return null;
    }

    private bool IsExclusiveRunning() => _running.Count == 1 && _running[0].Tool!.Options.Exclusive;

    private bool IsHeldUp(ToolCall call) => call.Ticket is { State: not ToolLockState.Granted }
        || (call.Tool!.Options.MaxConcurrency is { } limit && CountRunning(call.Name) >= limit);

    private int CountRunning(string name)
    {
        var count = 0;
        foreach (var call in _running)
        {
            count += string.Equals(call.Name, name, StringComparison.Ordinal) ? 1 : 0;
        }

        return count;
    }
}
