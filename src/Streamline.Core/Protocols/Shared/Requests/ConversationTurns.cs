using Microsoft.Extensions.AI;

namespace Streamline.Protocols.Shared;

/// <summary>Groups a conversation into turns, for wires on which the user and the assistant alternate.</summary>
internal static class ConversationTurns
{
    public static bool IsSystem(ChatRole role) =>
        role == ChatRole.System || string.Equals(role.Value, "developer", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Makes the turns. Results are part of the user's turn. Messages of one side that follow each other are one turn, so that all results of
    /// a round stand in one message: split over several, they teach the model not to call tools in parallel.
    /// </summary>
    /// <param name="messages">The conversation; what the system says is left out.</param>
    /// <param name="wire">The name of the wire, for the message of an error.</param>
    /// <param name="isSent">Whether there is anything to send of a content.</param>
    /// <exception cref="ArgumentException">A role or a content stands where the wire has no place for it.</exception>
    public static IEnumerable<(bool IsAssistant, List<AIContent> Contents)> Of(
        IReadOnlyList<ChatMessage> messages, string wire, Func<AIContent, bool> isSent)
    {
        var answered = messages.SelectMany(message => message.Contents.OfType<FunctionResultContent>()).Select(result => result.CallId).ToHashSet(StringComparer.Ordinal);
        List<AIContent> turn = [];
        var isAssistant = false;
        foreach (var message in messages.Where(message => !IsSystem(message.Role)))
        {
            var isFromAssistant = IsFromAssistant(message, wire);
            foreach (var content in message.Contents)
            {
                ThrowIfOnWrongSide(content, isFromAssistant, wire);

                // A call that was cut off before its end cannot be answered, and the wire refuses one without an answer.
                var isCut = content is FunctionCallContent { InformationalOnly: true } call && !answered.Contains(call.CallId);
                if (isCut || !isSent(content))
                {
                    continue;
                }

                if (isFromAssistant != isAssistant && turn.Count > 0)
                {
                    yield return (isAssistant, Order(turn, isAssistant));
                    turn = [];
                }

                isAssistant = isFromAssistant;
                turn.Add(content);
            }
        }

        if (turn.Count > 0)
        {
            yield return (isAssistant, Order(turn, isAssistant));
        }
    }

    // Results must stand before anything else that the user says.
    private static List<AIContent> Order(List<AIContent> turn, bool isAssistant) =>
        isAssistant ? turn : [.. turn.OrderBy(content => content is FunctionResultContent ? 0 : 1)];

    private static bool IsFromAssistant(ChatMessage message, string wire) =>
        message.Role == ChatRole.Assistant
        || (message.Role == ChatRole.User || message.Role == ChatRole.Tool
            ? false
            : throw new ArgumentException($"The wire '{wire}' has no role '{message.Role}'.", nameof(message)));

    private static void ThrowIfOnWrongSide(AIContent content, bool isAssistant, string wire)
    {
        if (isAssistant ? content is FunctionResultContent : content is FunctionCallContent)
        {
            throw new ArgumentException(
                $"The wire '{wire}' cannot carry {content.GetType().Name} in a message of the {(isAssistant ? "assistant" : "user")}.",
                nameof(content));
        }
    }
}
