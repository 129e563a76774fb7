using Microsoft.Extensions.AI;

namespace Streamline.Tools;

/// <summary>Keeps the history of a session within its window.</summary>
internal static class SessionHistory
{
    private const int CharsPerToken = 4;
    private const int TokensPerMessage = 4;

    /// <summary>Leaves out the oldest turns until the rest fits. What the opening answers is kept in any case.</summary>
    /// <param name="messages">The messages of the turns before.</param>
    /// <param name="opening">The messages that begin the next turn.</param>
    /// <param name="options">The window.</param>
    /// <param name="cancellationToken">Cancels the reducer.</param>
    public static async Task<IReadOnlyList<ChatMessage>> ShortenAsync(
        IReadOnlyList<ChatMessage> messages, IReadOnlyList<ChatMessage> opening, StreamSessionOptions options, CancellationToken cancellationToken)
    {
        if (options.Reduce is { } reduce)
        {
            messages = WithoutOrphans([.. await reduce(messages, cancellationToken).ConfigureAwait(false)]);
        }

        if (messages.Count <= options.MaxHistoryMessages && options.MaxHistoryTokens == long.MaxValue)
        {
            return messages;
        }

        var count = options.CountTokens ?? Estimate;
        var lasting = messages.Where(IsLasting).ToList();
        var (room, tokens) = (options.MaxHistoryMessages - (long)lasting.Count, options.MaxHistoryTokens - lasting.Sum(count));
        var kept = new Stack<List<ChatMessage>>();
        var (units, needed) = Units(messages, opening);
        for (var i = units.Count - 1; i >= 0; i--)
        {
            room -= units[i].Count;
            tokens -= units[i].Sum(count);
            if ((room < 0 || tokens < 0) && i < needed)
            {
                break;
            }

            kept.Push(units[i]);
        }

        return [.. lasting, .. kept.SelectMany(unit => unit)];
    }

    /// <summary>Leaves out answers to requests for approval that no message makes: the tool loop refuses a conversation with one.</summary>
    public static IReadOnlyList<ChatMessage> WithoutOrphans(IReadOnlyList<ChatMessage> messages)
    {
        var requests = messages.SelectMany(message => message.Contents).OfType<ToolApprovalRequestContent>().Select(request => request.RequestId).ToHashSet(StringComparer.Ordinal);
        if (!messages.Any(message => message.Contents.Any(IsOrphan)))
        {
            return messages;
        }

        var kept = new List<ChatMessage>();
        foreach (var message in messages)
        {
            if (!message.Contents.Any(IsOrphan))
            {
                kept.Add(message);
            }
            else if (message.Contents.Any(content => !IsOrphan(content)))
            {
                var rest = message.Clone();
                rest.Contents = [.. message.Contents.Where(content => !IsOrphan(content))];
                kept.Add(rest);
            }
        }

        return kept;

        bool IsOrphan(AIContent content) => content is ToolApprovalResponseContent response && !requests.Contains(response.RequestId);
    }

    /// <summary>Divides messages into what is kept or left out together: turns, and all that are joined because one answers what another one asks.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="opening">The messages after them.</param>
    /// <returns>The units, and the first of those that the opening answers; their number when it answers none.</returns>
    private static (List<List<ChatMessage>> Units, int Needed) Units(IReadOnlyList<ChatMessage> messages, IReadOnlyList<ChatMessage> opening)
    {
        var units = new List<List<ChatMessage>>();
        var asked = new Dictionary<string, int>(StringComparer.Ordinal); // what each unit asks, by id
        foreach (var turn in Turns(messages))
        {
            turn.ForEach(message => Ask(asked, message, units.Count));
            var first = Math.Min(units.Count, FirstAnswered(asked, turn));
            units.Add([.. units.Skip(first).SelectMany(unit => unit), .. turn]);
            units.RemoveRange(first, units.Count - 1 - first);
            foreach (var id in asked.Keys.Where(id => asked[id] > first).ToList())
            {
                asked[id] = first;
            }
        }

        return (units, Math.Min(units.Count, FirstAnswered(asked, opening)));
    }

    private static void Ask(Dictionary<string, int> asked, ChatMessage message, int unit)
    {
        foreach (var content in message.Contents)
        {
            if (content is FunctionCallContent call)
            {
                asked[CallKey(call.CallId)] = unit;
            }
            else if (content is ToolApprovalRequestContent request)
            {
                asked[request.RequestId] = unit;
                asked[CallKey(request.ToolCall.CallId)] = unit;
            }
        }
    }

    private static int FirstAnswered(Dictionary<string, int> asked, IReadOnlyList<ChatMessage> messages) => messages
        .SelectMany(message => message.Contents)
        .Select(content => content switch
        {
            FunctionResultContent result => asked.GetValueOrDefault(CallKey(result.CallId), int.MaxValue),
            ToolApprovalResponseContent response => asked.GetValueOrDefault(response.RequestId, int.MaxValue),
            _ => int.MaxValue,
        })
        .DefaultIfEmpty(int.MaxValue)
        .Min();

    // Ids of calls and of requests for approval may be equal.
    private static string CallKey(string callId) => "call " + callId;

    // A turn begins with a message of the user after one of another role.
    private static List<List<ChatMessage>> Turns(IReadOnlyList<ChatMessage> messages)
    {
        var turns = new List<List<ChatMessage>>();
        ChatMessage? before = null;
        foreach (var message in messages.Where(message => !IsLasting(message)))
        {
            if (before is null || (message.Role == ChatRole.User && before.Role != ChatRole.User))
            {
                turns.Add([]);
            }

            turns[^1].Add(message);
            before = message;
        }

        return turns;
    }

    private static bool IsLasting(ChatMessage message) => message.Role == ChatRole.System;

    private static long Estimate(ChatMessage message) => TokensPerMessage + (message.Contents.Sum(Length) / CharsPerToken);

    private static long Length(AIContent content) => content switch
    {
        TextContent text => text.Text.Length,
        TextReasoningContent reasoning => reasoning.Text.Length,
        FunctionCallContent call => call.Name.Length + (call.Arguments?.Sum(argument => argument.Key.Length + (argument.Value?.ToString()?.Length ?? 0)) ?? 0),
        FunctionResultContent result => result.Result?.ToString()?.Length ?? 0,
        _ => 0,
    };
}
