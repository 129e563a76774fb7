using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Tools;

namespace Streamline;

/// <summary>What a tool may know of the call that it runs for. A tool gets it by <c>arguments.ToolCall()</c>.</summary>
/// <remarks>Thread-safe. The messages and options belong to the stream and must not be changed.</remarks>
public sealed class ToolCallContext : IProgress<JsonElement>
{
    private readonly ToolCall _call;
    private readonly ToolConversation _conversation;
    private readonly ToolScheduler? _scheduler;

    internal ToolCallContext(ToolCall call, ToolConversation conversation, ToolScheduler? scheduler) => (_call, _conversation, _scheduler) = (call, conversation, scheduler);

    /// <summary>Gets the id of the call.</summary>
    public required string CallId { get; init; }

    /// <summary>Gets the name of the tool.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the number of the round, from 1; 0 for a call of an earlier stream that was approved later.</summary>
    public required int Round { get; init; }

    /// <summary>Gets the arguments, an object; undefined for a streaming tool that is still receiving them.</summary>
    public required JsonElement Arguments { get; init; }

    /// <summary>Gets a value indicating whether the arguments were edited when the call was approved. The model knows only those that it wrote.</summary>
    public bool AreArgumentsEdited { get; init; }

    /// <summary>Gets the conversation that the model answered with this call, oldest message first.</summary>
    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    /// <summary>Gets the options of the request that the model answered with this call.</summary>
    public required ChatOptions Options { get; init; }

    /// <summary>Reports progress, which becomes a <see cref="ToolProgress"/> in the stream. Never waits; reports that the consumer is too slow for are dropped, the oldest first.</summary>
    /// <param name="value">What to report; copied.</param>
    /// <exception cref="ArgumentException"><paramref name="value"/> is not a JSON value.</exception>
    /// <exception cref="StreamLimitException">The report is larger than <see cref="ToolLoopOptions.MaxResultBytes"/>.</exception>
    public void Report(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Undefined)
        {
            throw new ArgumentException("A progress report must be a JSON value; found an undefined element.", nameof(value));
        }

        _scheduler?.ReportProgress(_call, ToolJson.Own(value, _scheduler.Options.MaxResultBytes));
    }

    /// <summary>Reports progress in words.</summary>
    /// <param name="value">The words.</param>
    /// <exception cref="ArgumentNullException"><paramref name="value"/> is <see langword="null"/>.</exception>
    public void Report(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Report(ToolJson.FromString(value));
    }

    /// <summary>Offers the model one more tool, from the next round of this stream on. A function is run by the loop; a mere declaration is the caller's to run.</summary>
    /// <param name="tool">The tool. One of the same name that was added or declared before is replaced.</param>
    /// <exception cref="ArgumentNullException"><paramref name="tool"/> is <see langword="null"/>.</exception>
    public void AddTool(AITool tool)
    {
        ArgumentNullException.ThrowIfNull(tool);
        _conversation.AddTool(tool);
    }
}
