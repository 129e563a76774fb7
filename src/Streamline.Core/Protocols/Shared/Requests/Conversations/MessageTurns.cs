namespace Streamline.Protocols.Shared;

/// <summary>Whose turn it is.</summary>
internal enum TurnSide
{
    /// <summary>The user's, with results of tools unless they are apart.</summary>
    User,

    /// <summary>The assistant's.</summary>
    Assistant,

    /// <summary>The results of a round of tool calls, where the protocol has them apart from what the user says.</summary>
    Results,
}

/// <summary>Groups a normalized conversation into turns, for protocols in which the user and the assistant alternate.</summary>
internal static class MessageTurns
{
    /// <summary>Makes the turns. Adjacent messages of one side are one turn.</summary>
    /// <param name="messages">The conversation. System messages are left out.</param>
    /// <param name="isSent">Whether there is anything to send for a content.</param>
    /// <param name="areResultsApart">Whether results are turns of their own.</param>
    public static IEnumerable<(TurnSide Side, List<AIContent> Contents)> Group(
        IReadOnlyList<ChatMessage> messages, Func<AIContent, bool> isSent, bool areResultsApart = false)
    {
        List<AIContent> turn = [];
        var side = TurnSide.User;
        foreach (var message in messages.Where(message => !message.IsSystem()))
        {
            foreach (var content in message.Contents.Where(isSent))
            {
                var next = message.IsAssistant() ? TurnSide.Assistant
                    : areResultsApart && content is FunctionResultContent ? TurnSide.Results
                    : TurnSide.User;
                if (next != side && turn.Count > 0)
                {
                    yield return (side, turn);
                    turn = [];
                }

                side = next;
                turn.Add(content);
            }
        }

        if (turn.Count > 0)
        {
            yield return (side, turn);
        }
    }

    /// <summary>Puts contents together that follow each other and belong together.</summary>
    /// <param name="contents">The contents.</param>
    /// <param name="isSame">Tells whether a content belongs to the same group as the one before it.</param>
    public static IEnumerable<List<AIContent>> Split(IEnumerable<AIContent> contents, Func<AIContent, AIContent, bool> isSame)
    {
        List<AIContent> group = [];
        foreach (var content in contents)
        {
            if (group.Count > 0 && !isSame(group[^1], content))
            {
                yield return group;
                group = [];
            }

            group.Add(content);
        }

        if (group.Count > 0)
        {
            yield return group;
        }
    }
}
