namespace Streamline.Tools;

/// <summary>Gives back what calls hold that are over or will never start: their resources, and what streaming tools have begun.</summary>
/// <param name="sync">The lock of the scheduler.</param>
/// <param name="locks">The resources.</param>
internal sealed class ToolCleanup(Lock sync, ToolLockTable locks)
{
    private Task _rollbacks = Task.CompletedTask;

    public void CleanUp(ToolCall call)
    {
        if (call.Ticket is { } ticket)
        {
            locks.Leave(ticket);
        }

        if (call.Input is { } input)
        {
            lock (sync)
            {
                _rollbacks = Task.WhenAll(_rollbacks, input.RollBackAsync()); // nothing to do after a commit
            }
        }
    }

    /// <summary>Waits for what streaming tools are rolling back. Under the lock.</summary>
    public Task RollbacksAsync() => _rollbacks;
}
