using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace Streamline.Tools;

/// <summary>Gives a running tool its context, and lets it report progress.</summary>
/// <remarks>
/// A function made by <see cref="AIFunctionFactory"/> gets its <see cref="AIFunctionArguments"/> by declaring a parameter of that type. Code that
/// does not reference this package finds the same thing in <see cref="AIFunctionArguments.Context"/>, under the key <c>typeof(IProgress&lt;JsonElement&gt;)</c>.
/// </remarks>
public static class ToolArgumentsExtensions
{
    /// <summary>Gets the context of the call that a tool runs for.</summary>
    /// <param name="arguments">The arguments that the tool was called with.</param>
    /// <returns>The context; <see langword="null"/> where the function is not run by a tool loop.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="arguments"/> is <see langword="null"/>.</exception>
    public static ToolCallContext? ToolCall(this AIFunctionArguments arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        return arguments.Context?.TryGetValue(typeof(ToolCallContext), out var context) == true ? context as ToolCallContext : null;
    }

    /// <summary>Reports progress, which becomes a <see cref="ToolProgress"/> in the stream that the tool runs for.</summary>
    /// <param name="arguments">The arguments that the tool was called with.</param>
    /// <param name="progress">What to report; copied.</param>
    /// <remarks>
    /// Thread-safe, and never waits. Reports that the consumer is too slow for are dropped, the oldest first; so are those made after the call has its
    /// result, and all of them where the function is not run by a tool loop.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="arguments"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="progress"/> is not a JSON value.</exception>
    /// <exception cref="StreamLimitException">The report is larger than <see cref="ToolLoopOptions.MaxResultBytes"/>.</exception>
    public static void ReportProgress(this AIFunctionArguments arguments, JsonElement progress)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        if (arguments.Context?.TryGetValue(typeof(IProgress<JsonElement>), out var sink) == true)
        {
            (sink as IProgress<JsonElement>)?.Report(progress);
        }
    }

    /// <summary>Reports progress in words.</summary>
    /// <param name="arguments">The arguments that the tool was called with.</param>
    /// <param name="progress">The words.</param>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="StreamLimitException">The report is larger than <see cref="ToolLoopOptions.MaxResultBytes"/>.</exception>
    public static void ReportProgress(this AIFunctionArguments arguments, string progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        arguments.ReportProgress(ToolJson.FromString(progress));
    }

    /// <summary>Reports progress as an object of the tool's own.</summary>
    /// <typeparam name="T">The type of the object.</typeparam>
    /// <param name="arguments">The arguments that the tool was called with.</param>
    /// <param name="progress">The object; written as JSON before the method returns.</param>
    /// <param name="typeInfo">How to write it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="arguments"/> or <paramref name="typeInfo"/> is <see langword="null"/>.</exception>
    /// <exception cref="StreamLimitException">The report is larger than <see cref="ToolLoopOptions.MaxResultBytes"/>.</exception>
    public static void ReportProgress<T>(this AIFunctionArguments arguments, T progress, JsonTypeInfo<T> typeInfo)
    {
        ArgumentNullException.ThrowIfNull(typeInfo);
        arguments.ReportProgress(JsonSerializer.SerializeToElement(progress, typeInfo));
    }
}
