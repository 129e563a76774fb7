using Microsoft.Extensions.AI;
using Streamline.Tools;

namespace Streamline;

/// <summary>A tool that works on its arguments while the model is still writing them, and commits or rolls back in the end.</summary>
/// <remarks>
/// <para>
/// The tool loop calls <see cref="BeginCall"/> when the model begins a call, passes the growing arguments on, and commits once the arguments are whole, strictly parsed,
/// valid by the schema, approved, and allowed by the way in which the response ended. In every other case (a refusal, cut or invalid arguments, a denied approval, a restart,
/// a cancellation, an exception) it rolls back. Exactly one of the two happens, and a commit that fails is rolled back.
/// </para>
/// <para>What happens before the commit must not be noticeable to others. Run by any other caller, the tool gets the whole arguments at once.</para>
/// </remarks>
public abstract class StreamingTool : AIFunction
{
    /// <summary>Begins a call. Nothing is known of its arguments yet.</summary>
    /// <param name="context">What is known of the call; <see langword="null"/> where the tool is not run by a tool loop.</param>
    /// <returns>The call, which is committed or rolled back once.</returns>
    public abstract StreamingToolCall BeginCall(ToolCallContext? context);

    /// <inheritdoc/>
    protected sealed override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var call = BeginCall(arguments.ToolCall());
        try
        {
            return await call.CommitAsync(arguments, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception)
        {
            await call.RollBackAsync().ConfigureAwait(false);
            throw;
        }
    }
}
