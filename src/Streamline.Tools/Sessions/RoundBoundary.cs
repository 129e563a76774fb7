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

    /// <summary>Gives the items of a request without the one that takes part.</summary>
    public static IReadOnlyDictionary<object, object> Without(IReadOnlyDictionary<object, object> items) =>
        items.Where(item => !typeof(RoundBoundary).Equals(item.Key)).ToDictionary();

    public static RoundBoundary? Of(StreamRequest request) => request.Items.TryGetValue(typeof(RoundBoundary), out var boundary) ? boundary as RoundBoundary : null;
}
