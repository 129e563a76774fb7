using Microsoft.Extensions.AI;

namespace Streamline;

/// <summary>Where a tool loop is between two rounds, for <see cref="ToolLoopOptions.BeforeRound"/> and <see cref="ToolLoopOptions.StopWhen"/>.</summary>
public sealed class ToolRoundContext
{
    internal ToolRoundContext()
    {
    }

    /// <summary>Gets the number of the next round, from 1. One fewer round has ended.</summary>
    public required int Round { get; init; }

    /// <summary>Gets or sets the conversation to send, oldest message first, with the answers and results of all rounds so far.</summary>
    /// <value>A replacement, such as a shortened conversation, holds for all later rounds. It is never <see langword="null"/>.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public required IReadOnlyList<ChatMessage> Messages
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(Messages));
    }

    /// <summary>Gets the options to send, such as the model and the tools. Changes hold for all later rounds.</summary>
    /// <value>A copy of the options of the request that belongs to the stream. Tools of the client itself are not among its tools.</value>
    public required ChatOptions Options { get; init; }

    /// <summary>Gets the messages of the round that ended last: the answer and its results; empty before the first round.</summary>
    public required IReadOnlyList<ChatMessage> LastRound { get; init; }

    /// <summary>Gets the token counts of all rounds so far.</summary>
    public required UsageDetails Usage { get; init; }

    /// <summary>Gets the number of rounds in a row in which every call failed.</summary>
    public required int ConsecutiveErrors { get; init; }
}
