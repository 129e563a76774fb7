using Microsoft.Extensions.AI;

namespace Streamline.Tools;

/// <summary>Keeps the history of a session within its window.</summary>
internal static class SessionHistory
{
    private const int CharsPerToken = 4;
    private const int TokensPerMessage = 4;

    /// <summary>Leaves out the oldest turns until the rest fits.</summary>
    public static async Task<IReadOnlyList<ChatMessage>> ShortenAsync(IReadOnlyList<ChatMessage> messages, StreamSessionOptions options, CancellationToken cancellationToken)
    {
        if (options.Reduce is { } reduce)
        {
            messages = [.. await reduce(messages, cancellationToken).ConfigureAwait(false)];
        }

        if (messages.Count <= options.MaxHistoryMessages && options.MaxHistoryTokens == long.MaxValue)
        {
            return messages;
        }

        var count = options.CountTokens ?? Estimate;
        var lasting = messages.Where(IsLasting).ToList();
        var (room, tokens) = (options.MaxHistoryMessages - (long)lasting.Count, options.MaxHistoryTokens - lasting.Sum(count));
        var kept = new Stack<List<ChatMessage>>();
        foreach (var turn in Enumerable.Reverse(Turns(messages)))
        {
            room -= turn.Count;
            tokens -= turn.Sum(count);
            if (room < 0 || tokens < 0)
            {
                break;
            }

            kept.Push(turn);
        }

        return [.. lasting, .. kept.SelectMany(turn => turn)];
    }

    // A turn begins with a message of the user after one of another role, so that calls and results stay together.
    private static List<List<ChatMessage>> Turns(IReadOnlyList<ChatMessage> messages)
    {
        var turns = new List<List<ChatMessage>>();
        ChatMessage? before = null;
        foreach (var message in messages.Where(message => !IsLasting(message)))
        {
            if (before is null || (message.Role == ChatRole.User && before.Role != ChatRole.User && !AnswersApproval(message)))
            {
                turns.Add([]);
            }

            turns[^1].Add(message);
            before = message;
        }

        return turns;
    }

    private static bool IsLasting(ChatMessage message) => message.Role == ChatRole.System;

    private static bool AnswersApproval(ChatMessage message) => message.Contents.Any(content => content is ToolApprovalResponseContent or FunctionResultContent);

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
