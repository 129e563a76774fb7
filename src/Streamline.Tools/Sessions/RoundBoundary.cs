using Microsoft.Extensions.AI;

namespace Streamline.Tools;

/// <summary>Takes part in a tool loop between its rounds. It travels in <see cref="StreamRequest.Items"/>, under its type.</summary>
internal abstract class RoundBoundary
{
    /// <summary>Whether the loop ends after the round that runs.</summary>
    public abstract bool IsStopping { get; }

    /// <summary>Tells of the next round.</summary>
    /// <param name="round">The number of the round, from 1.</param>
    /// <returns>The messages to add to the conversation before it.</returns>
    public abstract IReadOnlyList<ChatMessage> Enter(int round);

    public static RoundBoundary? Of(StreamRequest request) => request.Items.TryGetValue(typeof(RoundBoundary), out var boundary) ? boundary as RoundBoundary : null;
}
