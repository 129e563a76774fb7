using Microsoft.Extensions.AI;
using Streamline.Json;

namespace Streamline;

/// <summary>One call of a <see cref="StreamingTool"/>. Its methods never run at the same time.</summary>
public abstract class StreamingToolCall
{
    /// <summary>Works on the arguments as far as they have arrived.</summary>
    /// <param name="input">The newest state of the arguments: immutable. States that came while the method was running are skipped.</param>
    /// <param name="cancellationToken">Cancelled when the call is rolled back.</param>
    /// <returns>A task that completes when the tool is ready for more. An exception makes the call fail.</returns>
    public virtual ValueTask OnInputAsync(PartialJsonElement input, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Makes the effect of the call real. The arguments given here count, whatever was shown before.</summary>
    /// <param name="arguments">The whole arguments.</param>
    /// <param name="cancellationToken">Cancelled when the tool has to stop.</param>
    /// <returns>The result, as of any other function.</returns>
    public abstract ValueTask<object?> CommitAsync(AIFunctionArguments arguments, CancellationToken cancellationToken);

    /// <summary>Removes every trace of the call.</summary>
    /// <returns>A task that completes when nothing is left. The stream waits for it up to its grace period.</returns>
    public abstract ValueTask RollBackAsync();
}
